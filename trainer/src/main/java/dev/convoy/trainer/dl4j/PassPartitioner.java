package dev.convoy.trainer.dl4j;

import org.apache.spark.Partitioner;

/** Sends a batch, by its number, to the partition of its round and worker. */
final class PassPartitioner extends Partitioner {

  private static final long serialVersionUID = 1L;

  private final PassPlan plan;

  PassPartitioner(PassPlan plan) {
    this.plan = plan;
  }

  @Override
  public int numPartitions() {
    return plan.partitions();
  }

  @Override
  public int getPartition(Object batch) {
    return plan.partition((Integer) batch);
  }
}
