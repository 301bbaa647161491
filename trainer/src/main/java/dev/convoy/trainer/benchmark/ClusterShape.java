package dev.convoy.trainer.benchmark;

import org.apache.spark.api.java.JavaSparkContext;

/**
 * What there is to compute on.
 *
 * @param executors processes; 0 where the driver computes itself
 * @param slots tasks that run at the same time, over all executors
 */
record ClusterShape(int executors, int slots) {

  /** Checks the counts. */
  ClusterShape {
    if (executors < 0 || slots < Math.max(1, executors)) {
      throw new IllegalArgumentException(
          "%d executors with %d slots; each executor has at least one".formatted(executors, slots));
    }
  }

  /** The executors that are there at this moment. */
  static ClusterShape of(JavaSparkContext spark) {
    if (spark.isLocal()) {
      return new ClusterShape(0, spark.defaultParallelism());
    }
    // The driver is among them.
    int executors = spark.sc().statusTracker().getExecutorInfos().length - 1;
    int cores = spark.getConf().getInt("spark.executor.cores", 0);
    int each =
        cores > 0
            ? cores / spark.getConf().getInt("spark.task.cpus", 1)
            : spark.defaultParallelism() / executors;
    return new ClusterShape(executors, executors * Math.max(1, each));
  }

  boolean isDriverAlone() {
    return executors == 0;
  }

  int slotsPerExecutor() {
    return slots / Math.max(1, executors);
  }
}
