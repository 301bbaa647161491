package dev.convoy.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.models.state.NetworkState;
import dev.convoy.trainer.Layouts;
import dev.convoy.trainer.Strategy;
import dev.convoy.trainer.averaging.WireFormat;
import dev.convoy.trainer.checkpoint.Checkpoints;
import dev.convoy.trainer.config.Configurations;
import dev.convoy.trainer.config.ConvoyConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What each strategy's runs must be equal to. The dataset divides by nothing: workers have unequal
 * numbers of examples in a round, and the last round of an epoch is shorter.
 *
 * <p>All in float32: bfloat16 may round a joined batch's activations in another order. That
 * dl4j-spark's own master agrees where it is right is seen in {@code ConvoyTrainingMasterTest},
 * whose network has that master's arithmetic.
 */
class EquivalenceTest {

  private static final Configuration HADOOP = new Configuration(false);

  @TempDir static Path folder;
  private static Path dataset;

  @BeforeAll
  static void ingest() throws IOException {
    dataset = SmallRun.dataset(folder);
  }

  @AfterAll
  static void stopSpark() {
    SmallRun.session().stop();
  }

  @ParameterizedTest
  @EnumSource
  void wholeRunsAreThoseOfThePlainAlgorithm(Strategy strategy) throws Exception {
    ConvoyConfig config = config("plain-" + strategy, strategy.over(WireFormat.FLOAT32));
    NetworkState found = trained(config);
    NetworkState plain = new SequentialTraining(config).train();

    if (strategy == Strategy.SLOWMO) {
      // The plain algorithm never rounds its outer momentum.
      assertThat(largestDifference(found.parameters(), plain.parameters())).isLessThan(2e-6f);
      assertThat(largestDifference(found.momentum(), plain.momentum())).isLessThan(2e-5f);
    } else {
      assertThat(largestDifference(found.parameters(), plain.parameters())).isZero();
      assertThat(largestDifference(found.momentum(), plain.momentum())).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"AVERAGE", "POST_LOCAL"})
  void oneWorkerEqualsLocalTrainingBitForBit(Strategy strategy) throws Exception {
    ConvoyConfig config = config("one-" + strategy, strategy.over(WireFormat.FLOAT32), "workers=1");
    assertThat(trained(config)).isEqualTo(localTraining(config));
  }

  @Test
  void oneWorkerWithoutOuterMomentumEqualsLocalTrainingToRounding() throws Exception {
    ConvoyConfig config =
        config("one-slowmo", "workers=1", "sync={strategy: slowmo, outer_momentum: 0, steps: 3}");
    assertThat(largestDifference(trained(config).parameters(), localTraining(config).parameters()))
        .isLessThanOrEqualTo(1e-6f);
  }

  @Test
  void slowMomentumWithoutMomentumEqualsAveragingToRounding() throws Exception {
    NetworkState slowmo =
        trained(config("no-momentum", "sync={strategy: slowmo, outer_momentum: 0, steps: 3}"));
    NetworkState average = trained(config("averaged", Strategy.AVERAGE.over(WireFormat.FLOAT32)));
    assertThat(largestDifference(slowmo.parameters(), average.parameters()))
        .isLessThanOrEqualTo(1e-6f);
  }

  /**
   * From a common state, without batch norm and dropout; in the first round nothing is slow yet.
   */
  @ParameterizedTest
  @EnumSource
  void averagingAfterOneStepEqualsOneStepOnTheJoinedBatch(Strategy strategy) throws Exception {
    ConvoyConfig config =
        config(
            "joined-" + strategy,
            strategy == Strategy.SLOWMO
                ? "sync={strategy: slowmo, outer_momentum: 0.9, steps: 1}"
                : strategy.over(WireFormat.FLOAT32),
            "schedule={kind: constant}",
            "batch=30");
    ConvoyConfig joined =
        config("nowhere", "schedule={kind: constant}", "workers=1", "batch=90", "epochs=1");
    NetworkState step = localTraining(joined);
    assertThat(largestDifference(step.parameters(), initial(config).parameters()))
        .as("the step, which is not nothing")
        .isGreaterThan(1e-3f);

    SmallRun.job().train(config);
    NetworkState found = afterFirstRound(config);
    assertThat(largestDifference(found.parameters(), step.parameters())).isLessThanOrEqualTo(1e-6f);
    assertThat(largestDifference(found.momentum(), step.momentum())).isLessThanOrEqualTo(1e-6f);
  }

  @ParameterizedTest
  @EnumSource
  void bfloat16OnTheWireGoesNearlyTheSameWay(Strategy strategy) throws Exception {
    NetworkState whole =
        trained(config("wire-float-" + strategy, strategy.over(WireFormat.FLOAT32)));
    ConvoyConfig config = config("wire-half-" + strategy, strategy.over(WireFormat.BF16));
    NetworkState half = trained(config);
    float way = largestDifference(whole.parameters(), initial(config).parameters());
    assertThat(largestDifference(half.parameters(), whole.parameters()))
        .as("a way of %s, of which each round's part is rounded to 8 bits", way)
        .isBetween(Float.MIN_VALUE, way * 0x1p-5f);
  }

  /** One worker in one round an epoch: nothing is averaged. */
  private static NetworkState localTraining(ConvoyConfig config) throws IOException {
    ConvoyConfig local =
        Configurations.load(config.toYaml(), List.of("sync={strategy: average, steps: 1000000}"));
    assertThat(local.workers()).isEqualTo(1);
    return new SequentialTraining(local).train();
  }

  private static ConvoyConfig config(String run, String... overrides) {
    List<String> all = new ArrayList<>(List.of("precision=float32"));
    all.addAll(List.of(overrides));
    return SmallRun.config(dataset, folder.resolve(run), all.toArray(String[]::new));
  }

  private static NetworkState trained(ConvoyConfig config) throws Exception {
    return Checkpoints.find(SmallRun.job().train(config).checkpoint(), HADOOP).state();
  }

  private static NetworkState afterFirstRound(ConvoyConfig config) throws Exception {
    try (Stream<Path> found = Files.list(Path.of(config.run()).resolve("checkpoints"))) {
      Path first =
          found
              .filter(path -> path.getFileName().toString().startsWith("round-000000001-"))
              .findAny()
              .orElseThrow();
      return Checkpoints.find(first.toString(), HADOOP).state();
    }
  }

  private static NetworkState initial(ConvoyConfig config) throws IOException {
    return Layouts.initialState(TrainingSetups.of(config, HADOOP).model(), config.seed());
  }

  /** NaN if there is one. */
  private static float largestDifference(float[] a, float[] b) {
    float largest = 0;
    for (int i = 0; i < a.length; i++) {
      largest = Math.max(largest, Math.abs(a[i] - b[i]));
    }
    return largest;
  }
}
