package dev.convoy.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.data.dataset.ShardEntry;
import dev.convoy.data.dataset.Split;
import dev.convoy.data.plan.EpochPlan;
import dev.convoy.trainer.Json;
import dev.convoy.trainer.config.ConvoyConfig;
import dev.convoy.trainer.run.RoundMetrics;
import dev.convoy.trainer.run.StragglerMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workers that wait for a slow disk are named. */
final class StragglerRunTest {

  private static final int WORKERS = 5;

  @TempDir private Path folder;

  @AfterEach
  void everythingIsFastAgain() {
    SlowFileSystem.setSlow("");
  }

  @Test
  void workerThatReadsSlowFileIsNamed() throws Exception {
    Path dataset = SmallRun.dataset(folder);
    Path run = folder.resolve("run");
    try (SparkSession session = SmallRun.session()) {
      session
          .sparkContext()
          .hadoopConfiguration()
          .set("fs.slow.impl", SlowFileSystem.class.getName());
      // Windows of one shard: each shard belongs to a worker or two. Nothing is kept or prefetched.
      ConvoyConfig config =
          SmallRun.config(
              Path.of("placeholder"),
              run,
              "dataset='slow://%s'".formatted(dataset),
              "epochs=1",
              "workers=" + WORKERS,
              "batch=4",
              "sync.steps=1",
              "shuffle={kind: window, window_shards: 1}",
              "evaluation.every_epochs=0",
              "checkpoint.every_rounds=0",
              "memory={shard_cache: 1B, prefetch: 0B}");
      TrainingSetup setup = TrainingSetups.of(config, session.sparkContext().hadoopConfiguration());
      List<ShardEntry> shards = setup.manifest().shards(Split.TRAIN);
      int slow = shards.size() / 2;
      SlowFileSystem.setSlow(shards.get(slow).file());
      SmallRun.job(session).train(config);

      EpochPlan plan = EpochPlan.of(setup.shardSizes(), setup.plan(), 0);
      int checked = 0;
      for (RoundMetrics round : rounds(run)) {
        Set<Integer> readers = readers(plan, (int) round.round(), slow);
        // In the first round networks are made; and the median must be a fast worker's.
        if (round.round() > 0 && !readers.isEmpty() && readers.size() <= WORKERS / 2) {
          assertNamed(round, readers);
          checked++;
        }
      }
      assertThat(checked).as("rounds with few readers of the slow file").isPositive();
    }
  }

  private static void assertNamed(RoundMetrics round, Set<Integer> readers) {
    assertThat(round.straggler()).as("straggler of round %d", round.round()).isPresent();
    StragglerMetrics straggler = round.straggler().orElseThrow();
    double delay = SlowFileSystem.DELAY.toMillis() / 1000.0;
    assertThat(straggler.worker()).isIn(readers);
    assertThat(straggler.executor()).isEqualTo("driver");
    assertThat(straggler.host()).isNotBlank();
    double loading = straggler.secondsLoading().orElseThrow();
    assertThat(loading).isGreaterThanOrEqualTo(delay);
    assertThat(straggler.seconds())
        .isGreaterThanOrEqualTo(loading)
        .isGreaterThan(straggler.medianSeconds() + 1)
        .isEqualTo(round.slowestWorkerSeconds());
  }

  private static Set<Integer> readers(EpochPlan plan, int step, int shard) {
    return IntStream.range(0, WORKERS)
        .filter(
            worker -> Arrays.stream(plan.batch(worker, step)).anyMatch(ref -> ref.shard() == shard))
        .boxed()
        .collect(Collectors.toSet());
  }

  private static List<RoundMetrics> rounds(Path run) throws IOException {
    List<RoundMetrics> rounds = new ArrayList<>();
    for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
      if (line.contains("\"kind\":\"round\"")) {
        rounds.add(Json.STRICT.readValue(line, RoundMetrics.class));
      }
    }
    return rounds;
  }
}
