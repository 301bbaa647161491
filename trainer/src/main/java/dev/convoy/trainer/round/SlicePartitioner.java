package dev.convoy.trainer.round;

import org.apache.spark.Partitioner;

/** One partition a slice. */
final class SlicePartitioner extends Partitioner {

  private static final long serialVersionUID = 1L;

  private final int slices;

  SlicePartitioner(int slices) {
    this.slices = slices;
  }

  @Override
  public int numPartitions() {
    return slices;
  }

  @Override
  public int getPartition(Object slice) {
    return (Integer) slice;
  }
}
