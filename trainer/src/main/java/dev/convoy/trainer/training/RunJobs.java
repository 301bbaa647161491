package dev.convoy.trainer.training;

import dev.convoy.trainer.Position;
import dev.convoy.trainer.averaging.TrainingState;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * The Spark jobs of one run: a job group, from the thread that makes this until it is closed by the
 * same thread. A stop cancels them, and so does the run's end: a thread that no longer waits for a
 * job has not ended it. What the thread's own group was it is again after that.
 */
final class RunJobs implements TrainingListener, AutoCloseable {

  private static final List<String> GROUP_PROPERTIES =
      List.of("spark.jobGroup.id", "spark.job.description", "spark.job.interruptOnCancel");

  private final JavaSparkContext spark;
  private final StopRequest stop;
  private final String group = "convoy-" + UUID.randomUUID();
  private final Map<String, String> callers = new LinkedHashMap<>();
  private final Runnable cancellation = this::cancel;

  /** From now on this thread's jobs are the run's. */
  RunJobs(JavaSparkContext spark, String run, StopRequest stop) {
    this.spark = spark;
    this.stop = stop;
    for (String property : GROUP_PROPERTIES) {
      callers.put(property, spark.getLocalProperty(property));
    }
    spark.setJobGroup(group, "convoy " + run, true);
    stop.onStop(cancellation);
  }

  /** Names the run among all of this Spark application. */
  String group() {
    return group;
  }

  /** Ends those under way; to be called any number of times, by any thread. */
  void cancel() {
    if (!spark.sc().isStopped()) {
      spark.cancelJobGroup(group);
    }
  }

  /** A job that the thread was waiting for goes on without it, and would keep the slots. */
  @Override
  public void stopped(Position position, TrainingState state) {
    cancel();
  }

  @Override
  public void close() {
    stop.over(cancellation);
    cancel();
    callers.forEach(spark::setLocalProperty);
  }
}
