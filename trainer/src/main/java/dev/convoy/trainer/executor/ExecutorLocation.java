package dev.convoy.trainer.executor;

import org.apache.spark.SparkEnv;

/**
 * One executor, as Spark names it.
 *
 * @param host where it runs
 * @param executor its id in the application
 */
public record ExecutorLocation(String host, String executor) {

  /** The executor in which the caller's task runs. */
  public static ExecutorLocation here() {
    SparkEnv spark = SparkEnv.get();
    return new ExecutorLocation(spark.blockManager().blockManagerId().host(), spark.executorId());
  }

  /**
   * How an RDD says that a partition is best computed here: ExecutorCacheTaskLocation's form. In it
   * Spark misreads a host with an underscore, and then knows of no preference.
   */
  String preference() {
    return "executor_" + host + "_" + executor;
  }
}
