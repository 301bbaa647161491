package dev.convoy.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.data.batch.BatchLoader;
import dev.convoy.data.batch.ImageBatch;
import dev.convoy.data.dataset.Example;
import dev.convoy.data.dataset.Split;
import dev.convoy.data.plan.EpochPlan;
import dev.convoy.data.plan.ExampleRef;
import dev.convoy.data.storage.Storage;
import dev.convoy.models.state.NetworkState;
import dev.convoy.models.training.ComputeProfile;
import dev.convoy.models.training.TrainingReplica;
import dev.convoy.trainer.Json;
import dev.convoy.trainer.Layouts;
import dev.convoy.trainer.checkpoint.Checkpoint;
import dev.convoy.trainer.checkpoint.Checkpoints;
import dev.convoy.trainer.config.ConvoyConfig;
import dev.convoy.trainer.run.EpochMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What parameter averaging must be, on whole runs. */
class TrainingJobTest {

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

  @Test
  void oneWorkerEqualsLocalTrainingBitForBit() throws Exception {
    ConvoyConfig config =
        SmallRun.config(dataset, folder.resolve("one-worker"), "workers=1", "sync.steps=4");
    RunResult result = SmallRun.job().train(config);

    assertThat(state(result)).isEqualTo(localTraining(config, (plan, step) -> plan.batch(0, step)));
  }

  /** In float32: bfloat16 may round the joined batch's activations in another order. */
  @Test
  void averagingAfterEachStepEqualsOneStepOnTheJoinedBatch() throws Exception {
    ConvoyConfig config =
        SmallRun.config(
            dataset,
            folder.resolve("joined"),
            "sync.steps=1",
            "epochs=1",
            "batch=30",
            "schedule.warmup_epochs=0",
            "precision=float32");
    RunResult result = SmallRun.job().train(config);
    assertThat(result.rounds()).as("one step from a common state").isEqualTo(1);

    NetworkState joined =
        localTraining(
            config,
            (plan, step) ->
                Stream.of(plan.batch(0, step), plan.batch(1, step), plan.batch(2, step))
                    .flatMap(Stream::of)
                    .toArray(ExampleRef[]::new));
    assertThat(largestDifference(joined.parameters(), initial(config).parameters()))
        .as("the step, which is not nothing")
        .isGreaterThan(1e-3f);
    assertClose(state(result).parameters(), joined.parameters());
    assertClose(state(result).momentum(), joined.momentum());
  }

  @Test
  void everyExampleIsUsedOnceAnEpochAndTheRunLearns() throws Exception {
    RunResult result =
        SmallRun.job()
            .train(
                SmallRun.config(
                    dataset,
                    folder.resolve("learns"),
                    "epochs=12",
                    "optimizer.learning_rate=0.05"));

    TrainingSetup setup =
        TrainingSetups.of(SmallRun.config(dataset, folder.resolve("learns")), HADOOP);
    assertThat(result.examples()).isEqualTo(12 * setup.manifest().examples(Split.TRAIN));
    assertThat(result.split()).contains("test");
    assertThat(result.top1().orElseThrow()).isGreaterThan(0.9);
    List<EpochMetrics> epochs =
        Files.readAllLines(folder.resolve("learns/metrics.jsonl")).stream()
            .filter(line -> line.contains("\"kind\":\"epoch\""))
            .map(TrainingJobTest::epoch)
            .toList();
    assertThat(epochs).hasSize(12);
    assertThat(epochs.get(11).loss()).isLessThan(0.5 * epochs.get(0).loss());
    assertThat(Files.readString(folder.resolve("learns/report.html")))
        .contains("Confusion on the test split");
  }

  @Test
  void resumingFromAnyCheckpointEndsInTheSameBits() throws Exception {
    Path whole = folder.resolve("whole");
    String expected = SmallRun.job().train(SmallRun.config(dataset, whole)).parametersSha256();
    List<String> checkpoints = names(whole.resolve("checkpoints"));
    assertThat(checkpoints).hasSizeGreaterThanOrEqualTo(4);

    for (String newest : checkpoints) {
      Path copy = folder.resolve("copy-" + newest);
      copyUpTo(whole, copy, newest);
      RunResult resumed = SmallRun.job().resume(copy.toString(), List.of("run=" + copy));
      assertThat(resumed.parametersSha256()).as("resumed from %s", newest).isEqualTo(expected);
      assertThat(roundsOf(copy)).as("rounds in the metrics").isEqualTo(roundsOf(whole));
    }
  }

  @Test
  void theSameExperimentInAnotherDirectoryGivesTheSameBitsAndAnotherSeedDoesNot() throws Exception {
    String first =
        SmallRun.job().train(SmallRun.config(dataset, folder.resolve("first"))).parametersSha256();
    String again =
        SmallRun.job().train(SmallRun.config(dataset, folder.resolve("again"))).parametersSha256();
    String other =
        SmallRun.job()
            .train(SmallRun.config(dataset, folder.resolve("other"), "seed=8"))
            .parametersSha256();
    assertThat(again).isEqualTo(first);
    assertThat(other).isNotEqualTo(first);
  }

  @Test
  void batchNormStatisticsAndResidualsTrainToo() throws Exception {
    RunResult result =
        SmallRun.job()
            .train(
                SmallRun.config(
                    dataset,
                    folder.resolve("resnet"),
                    "model={name: resnet20_cifar, input: {channels: 3, height: 28, width: 28}}",
                    "epochs=1",
                    "batch=14"));
    NetworkState state = state(result);
    for (float parameter : state.parameters()) {
      assertThat(parameter).isFinite();
    }
  }

  private interface Batches {
    ExampleRef[] at(EpochPlan plan, int step);
  }

  /** The lecture's training loop on one replica, with the plan's batches. */
  private static NetworkState localTraining(ConvoyConfig config, Batches batches)
      throws IOException {
    TrainingSetup setup = TrainingSetups.of(config, HADOOP);
    BatchLoader loader = new BatchLoader(1, 28, 28, setup.training(), config.seed());
    try (TrainingReplica replica =
        TrainingReplica.create(
            setup.model(), setup.optimizer(), 0, ComputeProfile.resolve(1, config.precision()))) {
      replica.restore(initial(config));
      for (int epoch = 0; epoch < config.epochs(); epoch++) {
        EpochPlan plan = EpochPlan.of(setup.shardSizes(), setup.plan(), epoch);
        for (int step = 0; step < plan.steps(); step++) {
          List<Example> examples = new ArrayList<>();
          for (ExampleRef ref : batches.at(plan, step)) {
            examples.add(
                setup
                    .dataset()
                    .reader()
                    .read(setup.manifest().shards(Split.TRAIN).get(ref.shard()))
                    .get(ref.row()));
          }
          ImageBatch batch = loader.load(examples, epoch);
          double rate =
              setup.schedule().at(epoch + (double) plan.examplesBefore(step) / plan.examples());
          replica.step(batch.features(), batch.labels(), rate);
        }
      }
      return replica.capture();
    }
  }

  private static NetworkState state(RunResult result) throws Exception {
    Checkpoint checkpoint = Checkpoints.find(result.checkpoint(), HADOOP);
    assertThat(checkpoint.record().parametersSha256()).isEqualTo(result.parametersSha256());
    return checkpoint.state();
  }

  private static NetworkState initial(ConvoyConfig config) throws IOException {
    return Layouts.initialState(TrainingSetups.of(config, HADOOP).model(), config.seed());
  }

  private static void assertClose(float[] actual, float[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    assertThat(largestDifference(actual, expected)).isLessThanOrEqualTo(1e-6f);
  }

  /** NaN if there is one. */
  private static float largestDifference(float[] a, float[] b) {
    float largest = 0;
    for (int i = 0; i < a.length; i++) {
      largest = Math.max(largest, Math.abs(a[i] - b[i]));
    }
    return largest;
  }

  private static EpochMetrics epoch(String line) {
    try {
      return Json.MAPPER.readValue(line, EpochMetrics.class);
    } catch (IOException e) {
      throw new IllegalArgumentException(line, e);
    }
  }

  private static List<Long> roundsOf(Path run) throws IOException {
    List<Long> rounds = new ArrayList<>();
    for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
      if (line.contains("\"kind\":\"round\"")) {
        rounds.add(Json.MAPPER.readTree(line).get("round").asLong());
      }
    }
    return rounds;
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> children = Files.list(folder)) {
      return children.map(p -> p.getFileName().toString()).sorted().toList();
    }
  }

  /** A run directory as it was when a checkpoint was the newest; the metrics may be ahead of it. */
  private static void copyUpTo(Path run, Path copy, String newest) throws IOException {
    Files.createDirectories(copy.resolve("checkpoints"));
    Files.copy(run.resolve("run.json"), copy.resolve("run.json"));
    Files.copy(run.resolve("metrics.jsonl"), copy.resolve("metrics.jsonl"));
    Storage checkpoints = Storage.at(run.resolve("checkpoints").toString(), HADOOP);
    for (String name : names(run.resolve("checkpoints"))) {
      if (Comparator.<String>naturalOrder().compare(name, newest) <= 0) {
        for (var file : checkpoints.list(name)) {
          Path target = copy.resolve("checkpoints").resolve(name).resolve(file.name());
          Files.createDirectories(target.getParent());
          Files.copy(run.resolve("checkpoints").resolve(name).resolve(file.name()), target);
        }
      }
    }
  }
}
