package dev.convoy.trainer.doctor;

import dev.convoy.trainer.executor.RunningExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;

/** The executors that Spark has, once they have come. */
final class Roster {

  /** For how long nobody new comes, at least, before the roster counts as complete. */
  private static final Duration SETTLED = Duration.ofSeconds(2);

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);
  private static final String INSTANCES = "spark.executor.instances";

  private Roster() {}

  /**
   * Waits for executors: for as many as were asked for, or until no more come.
   *
   * @param tasks that the run has at a time, so that dynamic allocation asks for executors
   * @param patience most time to wait
   * @return those that are there; none if none came
   */
  static List<Executor> await(JavaSparkContext spark, int tasks, Duration patience)
      throws InterruptedException {
    if (spark.sc().isLocal()) {
      return present(spark);
    }
    JavaFutureAction<Void> summons =
        spark
            .parallelize(IntStream.range(0, tasks).boxed().toList(), tasks)
            .foreachAsync(task -> {});
    long deadline = System.nanoTime() + patience.toNanos();
    int asked = asked(spark.getConf());
    List<Executor> found = present(spark);
    while (System.nanoTime() < deadline
        && (asked > 0 ? found.size() < asked : !settled(spark, found))) {
      TimeUnit.NANOSECONDS.sleep(BETWEEN_LOOKS.toNanos());
      found = present(spark);
    }
    summons.cancel(true);
    return found;
  }

  /** Executors that were asked for by number; 0 if none were. */
  static int asked(SparkConf conf) {
    return conf.getInt(INSTANCES, 0);
  }

  /** Whether nobody has come for as long as the last one took, who started with the others. */
  private static boolean settled(JavaSparkContext spark, List<Executor> found) {
    long began = spark.startTime();
    long last = found.stream().mapToLong(Executor::since).max().orElse(Long.MAX_VALUE);
    return !found.isEmpty()
        && System.currentTimeMillis() - last > Math.max(SETTLED.toMillis(), last - began);
  }

  private static List<Executor> present(JavaSparkContext spark) {
    List<Executor> executors = new ArrayList<>();
    for (RunningExecutor running : RunningExecutor.all(spark)) {
      Place place = new Place(running.location().executor(), running.location().host());
      if (place.isDriver() == spark.sc().isLocal()) {
        executors.add(
            new Executor(place, running.cores(), running.slots(), running.gpus(), running.since()));
      }
    }
    return executors;
  }
}
