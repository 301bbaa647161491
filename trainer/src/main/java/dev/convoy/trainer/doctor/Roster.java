package dev.convoy.trainer.doctor;

import dev.convoy.trainer.executor.TaskDevice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.resource.ResourceInformation;
import org.apache.spark.status.api.v1.ExecutorSummary;
import scala.Option;
import scala.collection.JavaConverters;

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
    for (ExecutorSummary summary :
        JavaConverters.seqAsJavaList(spark.sc().statusStore().executorList(true))) {
      Place place = new Place(summary.id(), host(summary.hostPort()));
      if (place.isDriver() == spark.sc().isLocal()) {
        executors.add(
            new Executor(
                place,
                Math.max(1, summary.maxTasks()),
                gpus(summary),
                summary.addTime().toInstant().toEpochMilli()));
      }
    }
    return executors;
  }

  private static String host(String hostAndPort) {
    int colon = hostAndPort.lastIndexOf(':');
    return colon < 0 ? hostAndPort : hostAndPort.substring(0, colon);
  }

  private static List<String> gpus(ExecutorSummary summary) {
    Option<ResourceInformation> gpus = summary.resources().get(TaskDevice.RESOURCE);
    return gpus.isEmpty() ? List.of() : List.of(gpus.get().addresses());
  }
}
