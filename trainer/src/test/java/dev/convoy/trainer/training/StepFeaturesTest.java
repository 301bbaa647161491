package dev.convoy.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.data.InvalidRequestException;
import dev.convoy.data.batch.BatchLoader;
import dev.convoy.data.dataset.Dataset;
import dev.convoy.data.dataset.Example;
import dev.convoy.data.dataset.Split;
import dev.convoy.data.plan.EpochPlan;
import dev.convoy.data.plan.ExampleRef;
import dev.convoy.models.engine.backend.Device;
import dev.convoy.models.state.NetworkState;
import dev.convoy.models.state.ParameterKind;
import dev.convoy.models.state.ParameterSlot;
import dev.convoy.models.training.BatchStatistics;
import dev.convoy.models.training.ComputeProfile;
import dev.convoy.models.training.TrainingReplica;
import dev.convoy.trainer.FileTree;
import dev.convoy.trainer.Layouts;
import dev.convoy.trainer.Strategy;
import dev.convoy.trainer.averaging.EmaState;
import dev.convoy.trainer.averaging.TrainingState;
import dev.convoy.trainer.averaging.WireFormat;
import dev.convoy.trainer.checkpoint.Checkpoint;
import dev.convoy.trainer.checkpoint.Checkpoints;
import dev.convoy.trainer.config.ConvoyConfig;
import dev.convoy.trainer.evaluation.CheckpointEvaluation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The moving average of the weights, recalibrated batch norms, class weights, clipping and
 * micro-batches together in a run: the same bits on any slots and after resumes, and each what it
 * says.
 */
class StepFeaturesTest {

  private static final Configuration HADOOP = new Configuration(false);

  @TempDir static Path folder;
  private static Path dataset;

  @BeforeAll
  static void ingest() throws IOException {
    dataset = SmallRun.dataset(folder);
    SmallRun.session().stop();
  }

  /** A network with batch norms, and everything on. */
  private static ConvoyConfig config(Path run, String... more) {
    List<String> overrides =
        new ArrayList<>(
            List.of(
                "model={name: resnet20_cifar, arguments: {width: 4},"
                    + " input: {channels: 1, height: 28, width: 28}}",
                "micro_batches=2",
                "ema={decay: 0.9, warmup: ramp}",
                "batch_norm.recalibration=train",
                "loss.class_weights={kind: map, by_class: {upright: 3}}",
                "optimizer.clipping={kind: norm, limit: 0.5}"));
    overrides.addAll(List.of(more));
    return SmallRun.config(dataset, run, overrides.toArray(String[]::new));
  }

  private static RunResult train(int slots, ConvoyConfig config) throws Exception {
    try (SparkSession session = SmallRun.session(slots)) {
      return SmallRun.job(session).train(config);
    }
  }

  private static RunResult resume(int slots, Path run) throws Exception {
    try (SparkSession session = SmallRun.session(slots)) {
      return SmallRun.job(session).resume(run.toString(), List.of("run='%s'".formatted(run)));
    }
  }

  @Test
  void slotsAndResumesChangeNoBitWithAnOuterMomentum() throws Exception {
    assertSlotsAndResumesChangeNoBit(Strategy.SLOWMO);
  }

  @ParameterizedTest
  @EnumSource(names = "SLOWMO", mode = EnumSource.Mode.EXCLUDE)
  @Tag("full")
  void slotsAndResumesChangeNoBit(Strategy strategy) throws Exception {
    assertSlotsAndResumesChangeNoBit(strategy);
  }

  private static void assertSlotsAndResumesChangeNoBit(Strategy strategy) throws Exception {
    Path run = folder.resolve(strategy.name());
    String sync = strategy.over(WireFormat.FLOAT32);
    RunResult expected = train(1, config(run, sync));
    assertThat(expected.emaParametersSha256()).isPresent();
    assertThat(expected.emaParametersSha256().orElseThrow())
        .isNotEqualTo(expected.parametersSha256());

    RunResult other = train(3, config(folder.resolve(strategy + "-3"), sync));
    assertSame(other, expected);
    List<String> checkpoints = names(run.resolve("checkpoints"));
    assertSame(resume(2, copyUpTo(run, checkpoints.get(1))), expected);
    // The last round's own checkpoint: its batch norms are still to be recalibrated.
    String beforeTheEnd = unrecalibrated(run, checkpoints);
    Path interrupted = copyUpTo(run, beforeTheEnd);
    RunResult resumed = resume(2, interrupted);
    assertSame(resumed, expected);
    // Both states of the last round are there now, and the newer one is used.
    Checkpoint newest = Checkpoints.find(interrupted.toString(), HADOOP);
    assertThat(newest.record().position().epoch()).isEqualTo(2);
    assertThat(newest.record().parametersSha256()).isEqualTo(expected.parametersSha256());
  }

  private static void assertSame(RunResult found, RunResult expected) {
    assertThat(found.parametersSha256()).isEqualTo(expected.parametersSha256());
    assertThat(found.emaParametersSha256()).isEqualTo(expected.emaParametersSha256());
    assertThat(found.top1()).isEqualTo(expected.top1());
  }

  /** Of the last round's checkpoints that of the middle of the epoch. */
  private static String unrecalibrated(Path run, List<String> checkpoints) throws Exception {
    List<String> found = new ArrayList<>();
    for (String name : checkpoints) {
      Checkpoint checkpoint =
          Checkpoints.find(run.resolve("checkpoints").resolve(name).toString(), HADOOP);
      if (checkpoint.record().position().epoch() == 1) {
        found.add(name);
      }
    }
    return found.get(found.size() - 1);
  }

  private static List<String> names(Path checkpoints) throws IOException {
    try (Stream<Path> children = Files.list(checkpoints)) {
      return children.map(p -> p.getFileName().toString()).sorted().toList();
    }
  }

  /** The run as it was when a checkpoint was its newest. */
  private static Path copyUpTo(Path run, String newest) throws IOException {
    Path copy = run.resolveSibling(run.getFileName() + "-from-" + newest);
    FileTree.copy(run, copy);
    Files.delete(copy.resolve("result.json"));
    String round = newest.substring(0, newest.lastIndexOf('-'));
    for (String name : names(copy.resolve("checkpoints"))) {
      if (!name.equals(newest) && name.compareTo(round) >= 0) {
        try (Stream<Path> found = Files.walk(copy.resolve("checkpoints").resolve(name))) {
          for (Path path : found.sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(path);
          }
        }
      }
    }
    return copy;
  }

  /** Written down plainly: one network, one batch after the other, sums of all of it. */
  @ParameterizedTest
  @CsvSource({"train, 1", "evaluate, 2"})
  void recalibrationIsTheTrainingSetsOwnStatistics(String images, int slots) throws Exception {
    Path run = folder.resolve("recalibrated-" + images);
    ConvoyConfig config = config(run, "batch_norm.recalibration=" + images, "epochs=1");
    RunResult result = train(slots, config);
    TrainingState state = Checkpoints.find(result.checkpoint(), HADOOP).trainingState();
    assertStatistics(config, images, state.network());
    assertStatistics(config, images, state.evaluated());
  }

  private static void assertStatistics(ConvoyConfig config, String images, NetworkState state)
      throws IOException {
    TrainingSetup setup = TrainingSetups.of(config, HADOOP);
    EpochPlan plan = EpochPlan.of(setup.shardSizes(), setup.plan(), config.epochs());
    BatchLoader loader =
        new BatchLoader(
            1,
            28,
            28,
            images.equals("train") ? setup.training() : setup.evaluating(),
            config.seed());
    List<BatchStatistics> all = new ArrayList<>();
    try (TrainingReplica replica =
        TrainingReplica.create(
            setup.model(),
            setup.step(),
            ComputeProfile.resolve(1, config.precision()),
            Device.cpu())) {
      replica.restore(state);
      for (int step = 0; step < plan.steps(); step++) {
        for (int worker = 0; worker < config.workers(); worker++) {
          List<Example> examples = new ArrayList<>();
          for (ExampleRef ref : plan.batch(worker, step)) {
            examples.add(
                setup
                    .dataset()
                    .reader()
                    .read(setup.manifest().shards(Split.TRAIN).get(ref.shard()))
                    .get(ref.row()));
          }
          if (!examples.isEmpty()) {
            all.addAll(
                replica.statistics(
                    loader.load(examples, plan.epoch()).features(), examples.size()));
          }
        }
      }
    }
    double examples = all.stream().mapToInt(BatchStatistics::examples).sum();
    assertThat(examples).isEqualTo(plan.examples());
    int channel = 0;
    for (ParameterSlot slot : setup.layout().slots()) {
      if (slot.kind() != ParameterKind.RUNNING_VARIANCE) {
        continue;
      }
      for (int i = 0; i < slot.length(); i++) {
        double mean = 0;
        double square = 0;
        for (BatchStatistics batch : all) {
          double share = batch.examples() / examples;
          double m = batch.means()[channel];
          mean += share * m;
          square += share * (batch.variances()[channel] + m * m);
        }
        assertThat((double) state.parameters()[slot.offset() + i])
            .as(slot.name())
            .isCloseTo(square - mean * mean, within(1e-5 * Math.max(1, square)));
        channel++;
      }
    }
    assertThat(channel).isPositive();
  }

  /** Every state of the average follows from the states of the rounds. */
  @Test
  void averageFollowsTheRounds() throws Exception {
    Path run = folder.resolve("average");
    ConvoyConfig config = config(run, "batch_norm.recalibration=none");
    RunResult result = train(2, config);
    TrainingSetup setup = TrainingSetups.of(config, HADOOP);
    EmaState ema =
        setup.ema().orElseThrow().initial(Layouts.initialState(setup.model(), config.seed()));
    long step = 0;
    for (String name : names(run.resolve("checkpoints"))) {
      Path file = run.resolve("checkpoints").resolve(name);
      Checkpoint checkpoint = Checkpoints.find(file.toString(), HADOOP);
      EpochPlan plan = EpochPlan.of(setup.shardSizes(), setup.plan(), 0);
      long end =
          (long) checkpoint.record().position().epoch() * plan.steps()
              + checkpoint.record().position().step();
      ema =
          setup
              .ema()
              .orElseThrow()
              .after(ema, checkpoint.trainingState().network(), step, (int) (end - step));
      step = end;
      assertThat(checkpoint.trainingState().ema()).as(name).isEqualTo(ema);
      assertThat(checkpoint.state()).isEqualTo(NetworkState.atRest(ema.parameters()));
      assertThat(file.resolve("ema.safetensors")).exists();
    }
    assertThat(Files.readString(run.resolve("report.html"))).contains("moving average", "ramped");
    try (SparkSession session = SmallRun.session(2)) {
      JavaSparkContext spark = new JavaSparkContext(session.sparkContext());
      double top1 =
          CheckpointEvaluation.evaluate(
                  spark,
                  Checkpoints.find(result.checkpoint(), HADOOP),
                  Dataset.open(dataset.toString(), HADOOP),
                  Split.TEST,
                  100)
              .top1();
      assertThat(result.top1().orElseThrow()).isEqualTo(top1);
    }
  }

  @Test
  void aLostAverageIsNotMadeUp() throws Exception {
    Path run = folder.resolve("lost");
    train(2, config(run, "epochs=1"));
    Files.delete(run.resolve("result.json"));
    for (String name : names(run.resolve("checkpoints"))) {
      Files.delete(run.resolve("checkpoints").resolve(name).resolve("ema.safetensors"));
    }
    assertThatThrownBy(() -> resume(2, run)).hasMessageContaining("ema.safetensors is missing");
  }

  @Test
  void balancedWeightsComeFromTheManifest() throws Exception {
    ConvoyConfig config = config(folder.resolve("b"), "loss.class_weights={kind: balanced}");
    TrainingSetup setup = TrainingSetups.of(config, HADOOP);
    List<Double> weights = setup.step().loss().classWeights();
    double examples = setup.manifest().examples(Split.TRAIN);
    assertThat(weights).hasSize(2);
    for (int label = 0; label < 2; label++) {
      assertThat(weights.get(label) * setup.manifest().examples(Split.TRAIN, label) * 2)
          .isCloseTo(examples, within(1e-9));
    }
    ConvoyConfig named = config(folder.resolve("n"));
    assertThat(TrainingSetups.of(named, HADOOP).step().loss().classWeights())
        .containsExactly(1.0, 3.0);
    ConvoyConfig list =
        config(folder.resolve("l"), "loss.class_weights={kind: list, weights: [2, 5]}");
    assertThat(TrainingSetups.of(list, HADOOP).step().loss().classWeights())
        .containsExactly(2.0, 5.0);
  }

  @Test
  void whatDoesNotFitIsSaidAtOnce() {
    ConvoyConfig config =
        SmallRun.config(
            dataset,
            folder.resolve("w"),
            "loss.class_weights={kind: map, by_class: {uprigth: 2}}",
            "batch_norm.recalibration=train");
    assertThatThrownBy(() -> TrainingSetups.of(config, HADOOP))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("loss.class_weights: the dataset has no class uprigth")
        .hasMessageContaining("did you mean \"upright\"?")
        .hasMessageContaining("batch_norm.recalibration: train, but lenet has no batch norm");
    ConvoyConfig few =
        SmallRun.config(
            dataset, folder.resolve("f"), "loss.class_weights={kind: list, weights: [1]}");
    assertThatThrownBy(() -> TrainingSetups.of(few, HADOOP))
        .hasMessageContaining("loss.class_weights: 1 weights for 2 classes");
  }
}
