package dev.convoy.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.convoy.data.dataset.Split;
import dev.convoy.data.image.PixelImage;
import dev.convoy.data.image.PngEncoder;
import dev.convoy.data.ingest.Ingest;
import dev.convoy.data.ingest.IngestOptions;
import dev.convoy.data.plan.EpochPlan;
import dev.convoy.data.plan.ExampleRef;
import dev.convoy.models.state.NetworkState;
import dev.convoy.trainer.FileTree;
import dev.convoy.trainer.Json;
import dev.convoy.trainer.Strategy;
import dev.convoy.trainer.averaging.WireFormat;
import dev.convoy.trainer.checkpoint.Checkpoints;
import dev.convoy.trainer.config.ConvoyConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Black images, and one white one. The normalisation makes infinities of white, so that a worker
 * diverges where it meets that image, and nowhere else.
 */
class DivergenceTest {

  private static final Configuration HADOOP = new Configuration(false);
  private static final int EXAMPLES_PER_CLASS = 20;
  private static final String BROKEN = "right/7.png";
  private static final int STEPS = 2;

  @TempDir static Path folder;
  private static Path dataset;
  private static Path whiteDataset;

  @BeforeAll
  static void ingest() throws IOException {
    dataset = dataset("one", BROKEN);
    whiteDataset = dataset("all", "");
    SmallRun.session().stop();
  }

  @Test
  void stopNamesTheBatchAndKeepsTheLastGoodCheckpoint() throws Exception {
    Path run = folder.resolve("stop");
    DivergedException diverged =
        catchThrowableOfType(DivergedException.class, () -> train(2, config(run)));
    assertThat(diverged).hasMessageContaining(BROKEN).hasMessageContaining("epoch 0");
    long rounds = roundsBeforeTheBrokenImage();
    assertThat(rounds).as("with this seed and image there is a checkpoint to keep").isPositive();
    NetworkState kept = Checkpoints.find(run.toString(), HADOOP).state();
    assertThat(kept.isFinite()).isTrue();
    assertThat(Checkpoints.find(run.toString(), HADOOP).record().position().round())
        .isEqualTo(rounds);
    assertThat(run.resolve("result.json")).doesNotExist();
  }

  @ParameterizedTest
  @EnumSource
  void skipGoesOnWithoutTheWorkerAndCountsItsExamples(Strategy strategy) throws Exception {
    Path run = folder.resolve("skip-" + strategy);
    ConvoyConfig config =
        config(run, "on_divergence=skip", strategy.over(WireFormat.BF16), "sync.steps=" + STEPS);
    RunResult result;
    try (RecordedLog log = new RecordedLog(TrainingLoop.class)) {
      result = train(1, config);
      assertThat(log.messages())
          .hasSize(config.epochs())
          .allSatisfy(message -> assertThat(message).contains("is left out", BROKEN));
    }

    assertThat(result.examples()).isEqualTo(2 * 2 * EXAMPLES_PER_CLASS);
    int[] skipped = skipped(config);
    assertThat(skipped[0]).isPositive();
    assertThat(result.skippedExamples()).isEqualTo(Arrays.stream(skipped).sum());
    assertThat(Checkpoints.find(result.checkpoint(), HADOOP).state().isFinite()).isTrue();
    assertThat(lines(run, "epoch"))
        .extracting(line -> line.get("skipped_examples").asInt())
        .containsExactly(skipped[0], skipped[1]);
    assertThat(lines(run, "epoch"))
        .allSatisfy(line -> assertThat(line.get("loss").isNumber()).isTrue());
    assertThat(lines(run, "round").stream().mapToInt(line -> line.get("skipped_examples").asInt()))
        .filteredOn(count -> count > 0)
        .containsExactly(skipped[0], skipped[1]);
    assertThat(Files.readString(run.resolve("result.json"))).contains("\"skipped_examples\"");
    assertThat(Files.readString(run.resolve("report.html")))
        .contains(result.skippedExamples() + " of them skipped");
  }

  @Test
  void skippingIsTheSameOnMoreSlotsAndAfterEveryResume() throws Exception {
    Path run = folder.resolve("same");
    RunResult expected = train(1, config(run, "on_divergence=skip"));
    RunResult onMore = train(4, config(folder.resolve("same-4"), "on_divergence=skip"));
    assertThat(onMore.parametersSha256()).isEqualTo(expected.parametersSha256());
    assertThat(onMore.skippedExamples()).isEqualTo(expected.skippedExamples()).isPositive();

    List<String> checkpoints = names(run.resolve("checkpoints"));
    for (int kept = 1; kept < checkpoints.size(); kept++) {
      Path copy = FileTree.copy(run, folder.resolve("same-from-" + kept));
      for (String later : checkpoints.subList(kept, checkpoints.size())) {
        // A folder without its record is no checkpoint.
        Files.delete(copy.resolve(Path.of("checkpoints", later, "checkpoint.json")));
      }
      try (SparkSession session = SmallRun.session(2)) {
        RunResult resumed =
            SmallRun.job(session).resume(copy.toString(), List.of("run='%s'".formatted(copy)));
        assertThat(resumed.parametersSha256()).isEqualTo(expected.parametersSha256());
        assertThat(resumed.skippedExamples()).isEqualTo(expected.skippedExamples());
      }
    }
  }

  @Test
  void skipEndsWhereNoWorkerIsLeft() {
    Path run = folder.resolve("none-left");
    DivergedException diverged =
        catchThrowableOfType(
            DivergedException.class,
            () -> train(2, SmallRun.config(whiteDataset, run, settings("on_divergence=skip"))));
    assertThat(diverged).hasMessageContaining("round 0");
    assertThat(run.resolve("checkpoints")).doesNotExist();
  }

  private static RunResult train(int slots, ConvoyConfig config) throws Exception {
    try (SparkSession session = SmallRun.session(slots)) {
      return SmallRun.job(session).train(config);
    }
  }

  private static ConvoyConfig config(Path run, String... more) {
    return SmallRun.config(dataset, run, settings(more));
  }

  private static String[] settings(String... more) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "batch=4",
                "augment={normalize: {mean: [0], std: [2.0e-39]}}",
                "sync.steps=" + STEPS));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  /** Examples, in each epoch, of the worker that meets the broken image, in that round. */
  private static int[] skipped(ConvoyConfig config) throws IOException {
    int[] skipped = new int[config.epochs()];
    TrainingSetup setup = TrainingSetups.of(config, HADOOP);
    for (int epoch = 0; epoch < skipped.length; epoch++) {
      EpochPlan plan = EpochPlan.of(setup.shardSizes(), setup.plan(), epoch);
      int tau = setup.strategy().stepsPerRound(epoch);
      Place broken = brokenIn(setup, plan);
      int first = broken.step() / tau * tau;
      skipped[epoch] = plan.examplesOf(broken.worker(), first, Math.min(first + tau, plan.steps()));
    }
    return skipped;
  }

  private static long roundsBeforeTheBrokenImage() throws IOException {
    TrainingSetup setup = TrainingSetups.of(config(folder.resolve("nowhere")), HADOOP);
    EpochPlan plan = EpochPlan.of(setup.shardSizes(), setup.plan(), 0);
    return brokenIn(setup, plan).step() / STEPS;
  }

  private record Place(int worker, int step) {}

  private static Place brokenIn(TrainingSetup setup, EpochPlan plan) throws IOException {
    for (int worker = 0; worker < setup.config().workers(); worker++) {
      for (int step = 0; step < plan.steps(); step++) {
        for (ExampleRef ref : plan.batch(worker, step)) {
          var shard = setup.manifest().shards(Split.TRAIN).get(ref.shard());
          if (setup.dataset().reader().read(shard).get(ref.row()).id().equals(BROKEN)) {
            return new Place(worker, step);
          }
        }
      }
    }
    throw new IllegalStateException(BROKEN + " is in no batch");
  }

  /** All black but one, or all white if none is named. */
  private static Path dataset(String name, String white) throws IOException {
    Path root = folder.resolve(name);
    for (String label : List.of("left", "right")) {
      Path images = Files.createDirectories(root.resolve("images").resolve(label));
      for (int i = 0; i < EXAMPLES_PER_CLASS; i++) {
        byte[] pixels = new byte[28 * 28];
        if (white.isEmpty() || white.equals(label + "/" + i + ".png")) {
          Arrays.fill(pixels, (byte) 255);
        }
        Files.write(
            images.resolve(i + ".png"), PngEncoder.encode(new PixelImage(28, 28, 1, pixels)));
      }
    }
    Path ingested = root.resolve("dataset");
    new Ingest()
        .run(
            SmallRun.session(),
            IngestOptions.of(root.resolve("images").toString(), ingested.toString())
                .withShares(0, 0));
    return ingested;
  }

  private static List<JsonNode> lines(Path run, String kind) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
      JsonNode node = Json.MAPPER.readTree(line);
      if (node.path("kind").asText().equals(kind)) {
        lines.add(node);
      }
    }
    return lines;
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> children = Files.list(folder)) {
      return children.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }
}
