package dev.convoy.trainer.doctor;

import dev.convoy.trainer.executor.TaskDevice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.resource.ResourceInformation;
import org.apache.spark.status.api.v1.ExecutorSummary;
import scala.Option;
import scala.collection.JavaConverters;

/** The executors that Spark has, once they have come. */
final class Roster {

  /** How long nobody new may come before the roster counts as complete. */
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
    long quiet = System.nanoTime() + SETTLED.toNanos();
    int instances = spark.getConf().getInt(INSTANCES, Integer.MAX_VALUE);
    List<Executor> found = present(spark);
    while (System.nanoTime() < deadline
        && found.size() < instances
        && (found.isEmpty() || System.nanoTime() < quiet)) {
      TimeUnit.NANOSECONDS.sleep(BETWEEN_LOOKS.toNanos());
      List<Executor> now = present(spark);
      if (now.size() != found.size()) {
        quiet = System.nanoTime() + SETTLED.toNanos();
      }
      found = now;
    }
    summons.cancel(true);
    return found;
  }

  private static List<Executor> present(JavaSparkContext spark) {
    List<Executor> executors = new ArrayList<>();
    for (ExecutorSummary summary :
        JavaConverters.seqAsJavaList(spark.sc().statusStore().executorList(true))) {
      Place place = new Place(summary.id(), host(summary.hostPort()));
      if (place.isDriver() == spark.sc().isLocal()) {
        executors.add(new Executor(place, Math.max(1, summary.maxTasks()), gpus(summary)));
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
