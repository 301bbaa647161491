package dev.convoy.trainer.dl4j;

import java.io.Serializable;
import scala.runtime.AbstractFunction1;

/** Picks the partitions of one round, for Spark's PartitionPruningRDD. */
final class RoundPartitions extends AbstractFunction1<Object, Object> implements Serializable {

  private static final long serialVersionUID = 1L;

  private final int first;
  private final int end;

  RoundPartitions(PassPlan plan, int round) {
    this.first = round * plan.settings().workers();
    this.end = first + plan.settings().workers();
  }

  @Override
  public Boolean apply(Object partition) {
    int index = (Integer) partition;
    return first <= index && index < end;
  }
}
