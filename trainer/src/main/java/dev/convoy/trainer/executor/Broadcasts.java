package dev.convoy.trainer.executor;

import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/** What is sent to all executors of a cluster. */
public final class Broadcasts {

  private Broadcasts() {}

  /**
   * Frees broadcasts on all executors, unless the cluster has stopped the application: then they
   * are gone, and asking for it would hide why.
   */
  public static void destroy(JavaSparkContext spark, Broadcast<?>... broadcasts) {
    if (spark.sc().isStopped()) {
      return;
    }
    List.of(broadcasts).forEach(Broadcast::destroy);
  }
}
