package dev.convoy.trainer.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.spark.HashPartitioner;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import scala.Tuple2;

/** What is heard of jobs whose traffic is known. */
final class RoundProbeTest {

  private static final int BROADCAST = 3_000_000;
  private static final int RESULT = 500_000;
  private static final int SHUFFLED = 200_000;
  private static final int TASKS = 4;

  private JavaSparkContext spark;

  @BeforeEach
  void start() {
    spark =
        new JavaSparkContext(
            new SparkConf()
                .setMaster("local[2]")
                .setAppName("probe")
                .set("spark.ui.enabled", "false")
                .set("spark.driver.host", "127.0.0.1"));
  }

  @AfterEach
  void stop() {
    spark.stop();
  }

  @Test
  void trafficBelongsToTheRoundThatAskedForIt() {
    try (RoundProbe probe = RoundProbe.on(spark)) {
      probe.begin("busy");
      round(1);
      probe.begin("idle");
      spark.parallelize(numbers(), TASKS).count();
      probe.begin("busy again");
      round(1);
      probe.begin("");
      round(7);
      probe.settle();

      for (String name : List.of("busy", "busy again")) {
        RoundTraffic traffic = probe.traffic(name);
        // Noise does not compress; some kilobytes are Spark's own.
        assertThat(traffic.broadcastBytes()).isBetween((long) BROADCAST, BROADCAST + 100_000L);
        assertThat(traffic.resultBytes())
            .isBetween((long) TASKS * RESULT, TASKS * RESULT + 100_000L);
        assertThat(traffic.shuffleBytes())
            .isBetween((long) TASKS * SHUFFLED, TASKS * SHUFFLED + 100_000L);
        assertThat(traffic.executorBroadcastBytes()).isZero();
        assertThat(traffic.tasks()).hasSize(2 * TASKS);
        assertThat(traffic.tasks())
            .allSatisfy(
                task -> assertThat(task.finished()).isGreaterThanOrEqualTo(task.launched()));
      }
      assertThat(probe.traffic("idle").broadcastBytes()).isLessThan(100_000);
      assertThat(probe.traffic("idle").shuffleBytes()).isZero();
      assertThat(probe.traffic("idle").tasks())
          .extracting(TaskSpan::partition)
          .containsExactlyInAnyOrder(0, 1, 2, 3);
      assertThat(probe.traffic("never")).isEqualTo(RoundTraffic.NONE);
    }
  }

  private void round(int seed) {
    Broadcast<byte[]> state = spark.broadcast(noise(seed, BROADCAST));
    spark
        .parallelize(numbers(), TASKS)
        .mapToPair(i -> new Tuple2<>(i + state.value().length, noise(i, SHUFFLED)))
        .partitionBy(new HashPartitioner(TASKS))
        .mapPartitions(left -> List.of(noise(left.hashCode(), RESULT)).iterator())
        .collect();
    state.destroy();
  }

  private static List<Integer> numbers() {
    List<Integer> numbers = new ArrayList<>();
    Collections.addAll(numbers, 0, 1, 2, 3);
    return numbers;
  }

  private static byte[] noise(long seed, int length) {
    byte[] noise = new byte[length];
    new Random(seed).nextBytes(noise);
    return noise;
  }
}
