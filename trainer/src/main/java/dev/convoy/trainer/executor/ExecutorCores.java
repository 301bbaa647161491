package dev.convoy.trainer.executor;

import org.apache.spark.SparkConf;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorAdded;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Names executors on which no task can run since a task takes more cores. Spark refuses them only
 * where it was told how many cores an executor has; else its jobs wait for ever.
 */
public final class ExecutorCores extends SparkListener {

  private static final Logger LOG = LoggerFactory.getLogger(ExecutorCores.class);

  private final int cpusOfTask;

  /** Made by Spark, for {@code spark.extraListeners}. */
  public ExecutorCores(SparkConf conf) {
    this.cpusOfTask = cpusOfTask(conf);
  }

  /** Cores that one task takes. */
  public static int cpusOfTask(SparkConf conf) {
    return conf.getInt("spark.task.cpus", 1);
  }

  @Override
  public void onExecutorAdded(SparkListenerExecutorAdded added) {
    int cores = added.executorInfo().totalCores();
    if (cores < cpusOfTask) {
      LOG.warn(
          "executor {} on {} has {} cores, but a task takes {} (threads, or spark.task.cpus): it"
              + " will never get one; give executors more cores, or a worker fewer threads",
          added.executorId(),
          added.executorInfo().executorHost(),
          cores,
          cpusOfTask);
    }
  }
}
