package dev.convoy.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two runs at a time in one session, on the same task slots. */
final class TwoRunsTest {

  private static final List<String> SEEDS = List.of("seed=7", "seed=8");

  @TempDir private Path folder;

  @Test
  void eachEndsAsIfItWereAlone() throws Exception {
    Path dataset = SmallRun.dataset(folder);
    SmallRun.session().stop();
    ExecutorService drivers = Executors.newFixedThreadPool(SEEDS.size());
    try (SparkSession session = SmallRun.session(2)) {
      List<String> alone = new ArrayList<>();
      List<Future<String>> together = new ArrayList<>();
      for (String seed : SEEDS) {
        alone.add(train(session, dataset, "alone", seed));
      }
      for (String seed : SEEDS) {
        together.add(drivers.submit(() -> train(session, dataset, "together", seed)));
      }
      assertThat(alone).doesNotHaveDuplicates();
      for (int i = 0; i < SEEDS.size(); i++) {
        assertThat(together.get(i).get(2, TimeUnit.MINUTES)).isEqualTo(alone.get(i));
      }
    } finally {
      drivers.shutdownNow();
    }
  }

  private String train(SparkSession session, Path dataset, String name, String seed)
      throws Exception {
    return SmallRun.job(session)
        .train(SmallRun.config(dataset, folder.resolve(name + "-" + seed), seed))
        .parametersSha256();
  }
}
