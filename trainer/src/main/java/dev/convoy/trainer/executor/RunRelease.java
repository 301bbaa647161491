package dev.convoy.trainer.executor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has executors free what they keep of a run, at its end. */
public final class RunRelease {

  private static final Logger LOG = LoggerFactory.getLogger(RunRelease.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private RunRelease() {}

  /**
   * Sends a short task to every task slot. Spark promises no executor one of them; those that get
   * none free what they have after the idle time.
   *
   * @param known executors that worked for the run, which are asked first
   */
  public static void everywhere(
      JavaSparkContext spark, RunKey run, Collection<ExecutorLocation> known) {
    if (spark.sc().isStopped()) {
      return;
    }
    List<List<ExecutorLocation>> tasks = new ArrayList<>();
    known.forEach(location -> tasks.add(List.of(location)));
    tasks.addAll(Collections.nCopies(Math.max(1, spark.defaultParallelism()), List.of()));
    JavaFutureAction<Void> releasing =
        PlacedTasks.of(spark, tasks).foreachAsync(task -> ExecutorRuns.ofThisJvm().forget(run));
    try {
      releasing.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      releasing.cancel(true);
      LOG.debug("not every executor was reached at the end of the run", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
