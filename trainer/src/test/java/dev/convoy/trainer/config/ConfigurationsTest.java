package dev.convoy.trainer.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.convoy.trainer.averaging.WireFormat;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ConfigurationsTest {
  static final String SMALLEST =
      """
      dataset: s3a://bucket/flowers
      run: s3a://bucket/runs/flowers-resnet20
      epochs: 90
      workers: 8
      batch: 32
      model: {name: resnet20_cifar}
      optimizer: {learning_rate: 0.1}
      """;

  static ConvoyConfig load(String more, String... overrides) {
    return Configurations.load(SMALLEST + more, List.of(overrides));
  }

  static List<String> problems(String yaml, String... overrides) {
    ConfigurationException refusal =
        catchThrowableOfType(
            ConfigurationException.class, () -> Configurations.load(yaml, List.of(overrides)));
    assertThat(refusal).as("refused").isNotNull();
    return refusal.problems();
  }

  @Test
  void whatIsLeftOutHasItsDefault() {
    ConvoyConfig config = load("");
    assertThat(config.dataset()).isEqualTo("s3a://bucket/flowers");
    assertThat(config.datasetVersion()).isEqualTo(ConvoyConfig.NEWEST_VERSION);
    assertThat(config.seed()).isEqualTo(1);
    assertThat(config.threads()).isEqualTo(1);
    assertThat(config.globalBatch()).isEqualTo(256);
    assertThat(config.sync()).isEqualTo(new SyncConfig.Average(10, WireFormat.FLOAT32));
    assertThat(config.onDivergence()).isEqualTo(DivergencePolicy.STOP);
    assertThat(config.model())
        .isEqualTo(new ModelConfig("resnet20_cifar", Map.of(), new InputConfig(0, 0, 0)));
    assertThat(config.optimizer().momentum()).isEqualTo(0.9);
    assertThat(config.optimizer().weightDecay()).isZero();
    assertThat(config.optimizer().withoutDecay()).isEmpty();
    assertThat(config.optimizer().linearScaling().referenceBatch())
        .isEqualTo(LinearScalingConfig.OFF);
    assertThat(config.schedule()).isEqualTo(new ScheduleConfig.Constant(0));
    assertThat(config.augment())
        .isEqualTo(
            new AugmentConfig(
                List.of(), List.of(), new NormalizeConfig(List.of(0.0), List.of(1.0))));
    assertThat(config.shuffle()).isEqualTo(new ShuffleConfig(ShuffleKind.AUTO, 8));
    assertThat(config.checkpoint()).isEqualTo(new CheckpointConfig(0, 3));
    assertThat(config.evaluation()).isEqualTo(new EvaluationConfig(1, EvaluationSplit.AUTO, 100));
    assertThat(config.memory())
        .isEqualTo(new MemoryConfig(new ByteSize(512L << 20), new ByteSize(256L << 20), 10));
    assertThat(config.memory().idle()).isEqualTo(Duration.ofMinutes(10));
    assertThat(config.allowMixedProfiles()).isFalse();
  }

  @Test
  void everyKindOfValueIsRead() {
    ConvoyConfig config =
        load(
            """
            dataset_version: 20240101
            seed: -9_000_000_000
            schedule: {kind: multi_step, warmup_epochs: 5, milestones: [30, 60.5], factor: 1e-1}
            loss: {label_smoothing: 0.1}
            augment:
              train:
                - random_crop: {padding: 4, width: 32, height: 32}
                - flip: {probability: 0.5}
              normalize: {mean: [0.5, 0.4, 0.3], std: [.2, 0.2, 1]}
            memory: {shard_cache: 1.5GiB}
            allow_mixed_profiles: true
            """,
            "optimizer.weight_decay=1e-4",
            "optimizer.without_decay=[norm, bias]",
            "model.arguments={dropout: 0.5, blocks: [3, 4], head: 'no', big: 5000000000}");
    assertThat(config.datasetVersion()).isEqualTo("20240101");
    assertThat(config.seed()).isEqualTo(-9_000_000_000L);
    assertThat(config.schedule())
        .isEqualTo(new ScheduleConfig.MultiStep(5, List.of(30.0, 60.5), 0.1));
    assertThat(config.augment().train().get(0).get("random_crop"))
        .isEqualTo(Map.of("padding", 4, "width", 32, "height", 32));
    assertThat(((Map<?, ?>) config.augment().train().get(0).get("random_crop")).keySet())
        .extracting(String::valueOf)
        .containsExactly("padding", "width", "height");
    assertThat(config.augment().normalize().std()).containsExactly(0.2, 0.2, 1.0);
    assertThat(config.memory().shardCache().bytes()).isEqualTo(3L << 29);
    assertThat(config.allowMixedProfiles()).isTrue();
    assertThat(config.optimizer().weightDecay()).isEqualTo(1e-4);
    assertThat(config.optimizer().withoutDecay())
        .containsExactly(DecayExemption.BIAS, DecayExemption.NORM);
    assertThat(config.model().arguments())
        .isEqualTo(
            Map.of("dropout", 0.5, "blocks", List.of(3, 4), "head", "no", "big", 5_000_000_000L));
  }

  @Test
  void everyProblemIsNamedAtOnceWithItsLineAndWhatWouldBeRight() {
    assertThat(
            problems(
                """
                dataset: s3a://bucket/flowers
                epoch: 3
                workers: 0
                batch: "32"
                model: {nam: lenet}
                optimizer:
                  learning_rate: -1
                  momentum: 1.0
                  weight_decay: much
                sync: 10
                evaluation: {split: validaton}
                memory: {shard_cache: 512, idle_minutes: 0}
                """,
                "checkpoint.keep=0"))
        .containsExactlyInAnyOrder(
            "epoch: is an unknown key (given 3, line 2); did you mean 'epochs'?",
            "run: is missing; The run's directory, for example s3a://bucket/runs/flowers-resnet50",
            "epochs: is missing; Passes over the training split, at least 1, for example 90",
            "batch: is not a whole number (given \"32\", line 4); a whole number, for"
                + " example 32, without quotes",
            "sync: is no mapping (given 10, line 10); a mapping with strategy, steps,"
                + " wire, outer_momentum, outer_learning_rate, local_from_epoch",
            "model.nam: is an unknown key (given lenet, line 5); did you mean 'model.name'?",
            "model.name: is missing; Name in the registry; `convoy models` lists them, for example"
                + " resnet20_cifar",
            "optimizer.weight_decay: is not a number (given much, line 9); a number, for example"
                + " 0.1 or 1e-4, without quotes",
            "optimizer.learning_rate: is out of range (given -1.0, line 7); above 0, for example"
                + " 0.1",
            "optimizer.momentum: is out of range (given 1.0, line 8); at least 0 and below 1",
            "evaluation.split: is not known (given validaton, line 11); one of auto, validation,"
                + " test, train (did you mean 'validation'?)",
            "memory.shard_cache: is no size (given 512, line 12); a number and a unit, for example"
                + " 512MiB or 2GiB",
            "memory.idle_minutes: is out of range (given 0.0, line 12); above 0 and at most 1000000,"
                + " for example 10",
            "checkpoint.keep: is out of range (given 0, --set); at least 1",
            "workers: is out of range (given 0, line 3); at least 1");
  }

  @Test
  void numbersThatDoNotFitAreTooLarge() {
    assertThat(problems(SMALLEST, "threads=3000000000", "seed=9223372036854775808"))
        .containsExactly(
            "seed: is too large (given 9223372036854775808, --set); at most 9223372036854775807 in"
                + " size",
            "threads: is too large (given 3000000000, --set); at most 2147483647 in size");
  }

  @Test
  void aKeyInTheWrongSectionIsSentToItsOwn() {
    assertThat(problems(SMALLEST + "learning_rate: 0.1"))
        .containsExactly(
            "learning_rate: is an unknown key (given 0.1, line 8);"
                + " did you mean 'optimizer.learning_rate'?");
    assertThat(problems(SMALLEST + "sync: {tau: 3}"))
        .containsExactly(
            "sync.tau: is an unknown key (given 3, line 8); known here: strategy, steps, wire");
  }

  @Test
  void aScheduleHasTheKeysOfItsKindOnly() {
    assertThat(problems(SMALLEST + "schedule: {kind: step, milestones: [3], evry_epochs: 2}"))
        .containsExactly(
            "schedule.milestones: is no key of the kind step (given a list of 1, line 8); it"
                + " belongs to multi_step; step has kind, warmup_epochs, every_epochs, factor",
            "schedule.evry_epochs: is an unknown key (given 2, line 8);"
                + " did you mean 'schedule.every_epochs'?",
            "schedule.every_epochs: is missing; Epochs between two multiplications of the rate,"
                + " above 0, for example 30");
    assertThat(problems(SMALLEST + "schedule: {kind: cosin, power: 3}"))
        .containsExactly(
            "schedule.kind: is not known (given cosin, line 8); one of constant, step,"
                + " multi_step, polynomial, cosine (did you mean 'cosine'?)");
  }

  @Test
  void aStrategyHasItsOwnKeysOnly() {
    assertThat(load("sync: {strategy: slowmo, outer_momentum: 0.7, steps: 12}").sync())
        .isEqualTo(new SyncConfig.Slowmo(12, 0.7, 1, WireFormat.FLOAT32));
    assertThat(load("sync: {strategy: post_local, local_from_epoch: 45, wire: bf16}").sync())
        .isEqualTo(new SyncConfig.PostLocal(10, 45, WireFormat.BF16));
    assertThat(problems(SMALLEST + "sync: {outer_momentum: 0.5, local_from_epoch: 3}"))
        .containsExactly(
            "sync.outer_momentum: is no key of the strategy average (given 0.5, line 8); it belongs"
                + " to slowmo; average has strategy, steps, wire",
            "sync.local_from_epoch: is no key of the strategy average (given 3, line 8); it belongs"
                + " to post_local; average has strategy, steps, wire");
    assertThat(problems(SMALLEST + "sync: {strategy: slowmo, outer_learning_rate: 0}"))
        .containsExactly(
            "sync.outer_momentum: is missing; Share of the last round's movement that goes on, from"
                + " 0 to below 1, for example 0.5",
            "sync.outer_learning_rate: is out of range (given 0.0, line 8); above 0, for example 1");
    assertThat(problems(SMALLEST, "sync={strategy: slowmo, outer_momentum: 1, steps: 0}"))
        .containsExactly(
            "sync.steps: is out of range (given 0, --set); at least 1",
            "sync.outer_momentum: is out of range (given 1.0, --set); from 0 to below 1, for example"
                + " 0.5");
    assertThat(problems(SMALLEST, "sync={strategy: post_local, local_from_epoch: 0}"))
        .containsExactly(
            "sync.local_from_epoch: is out of range (given 0, --set); at least 1; with 0 the"
                + " strategy is average");
    assertThat(problems(SMALLEST, "sync.strategy=slomo"))
        .containsExactly(
            "sync.strategy: is not known (given slomo, --set); one of average, slowmo, post_local"
                + " (did you mean 'slowmo'?)");
    assertThat(problems(SMALLEST, "sync.wire=float16"))
        .singleElement()
        .asString()
        .startsWith("sync.wire: is not known (given float16, --set); one of float32, bf16");
  }

  @Test
  void keysThatDoNotFitEachOtherAreRefused() {
    assertThat(problems(SMALLEST + "schedule: {kind: multi_step, milestones: [30, 90]}"))
        .singleElement()
        .asString()
        .startsWith("schedule.milestones: does not fit the other keys (given [30.0, 90.0], line 8)")
        .contains("90 epochs");
    assertThat(problems(SMALLEST, "schedule.warmup_epochs=91")).hasSize(1);
    assertThat(problems(SMALLEST, "schedule={kind: cosine, end_learning_rate: 0.2}")).hasSize(1);
    assertThat(
            load(
                    "schedule: {kind: cosine, end_learning_rate: 0.2}",
                    "optimizer.linear_scaling.reference_batch=128")
                .schedule())
        .isEqualTo(new ScheduleConfig.Cosine(0, 0.2));
    assertThat(problems(SMALLEST, "augment.normalize={mean: [0, 0, 0]}")).hasSize(1);
    assertThat(
            problems(
                SMALLEST,
                "augment.normalize={mean: [0, 0, 0], std: [1, 1, 1]}",
                "model.input.channels=1"))
        .hasSize(1);
    assertThat(problems(SMALLEST, "run=s3a://bucket/flowers")).hasSize(1);
    assertThat(problems(SMALLEST, "sync={strategy: post_local, local_from_epoch: 90}"))
        .containsExactly(
            "sync.local_from_epoch: does not fit the other keys (given 90, --set); below the 90"
                + " epochs of the training");
  }

  @Test
  void aWrongKeyDoesNotBlameWhatDependsOnIt() {
    assertThat(problems(SMALLEST, "epochs=soon", "schedule.warmup_epochs=1000"))
        .singleElement()
        .asString()
        .startsWith("epochs: ");
  }

  @Test
  void overridesReachEveryPlace() {
    String yaml = "augment: {train: [{flip: {probability: 0.5}}]}\nthreads: 4\n";
    ConvoyConfig config =
        load(
            yaml,
            "augment.train.0.flip.probability=0.25",
            "augment.train.1.shift.pixels=4",
            "augment.evaluate.0.resize={height: 32, width: 32}",
            "threads=null",
            "seed=7",
            "seed=8");
    assertThat(config.augment().train())
        .containsExactly(
            Map.of("flip", Map.of("probability", 0.25)), Map.of("shift", Map.of("pixels", 4)));
    assertThat(config.augment().evaluate()).hasSize(1);
    assertThat(config.threads()).isEqualTo(1);
    assertThat(config.seed()).isEqualTo(8);
  }

  @Test
  void overridesThatCannotBePlacedAreRefused() {
    assertThat(
            problems(
                SMALLEST,
                "epochs",
                "run=",
                "augment.train.3.flip.probability=1",
                "seed.x=1",
                "model.name=[a",
                "sedd=1"))
        .satisfiesExactlyInAnyOrder(
            line -> assertThat(line).startsWith("--set: is not understood (given epochs)"),
            line -> assertThat(line).startsWith("run: is empty (given --set run=)"),
            line -> assertThat(line).contains("'3' is no index from 0 to 0"),
            line -> assertThat(line).startsWith("seed: is of the wrong type"),
            line -> assertThat(line).startsWith("model.name: is not YAML"),
            line -> assertThat(line).contains("did you mean 'seed'?"));
  }

  @Test
  void anOverrideInsideOneValueIsRefused() {
    assertThat(problems(SMALLEST, "epochs.more=1"))
        .singleElement()
        .asString()
        .startsWith("epochs.more: cannot be set");
  }

  @Test
  void normalizationIsForAllChannelsOrForEach() {
    NormalizeConfig one = new NormalizeConfig(List.of(0.5), List.of(0.25));
    assertThat(one.forChannels(3))
        .isEqualTo(new NormalizeConfig(List.of(0.5, 0.5, 0.5), List.of(0.25, 0.25, 0.25)));
    assertThat(one.forChannels(1)).isEqualTo(one);
    NormalizeConfig three = one.forChannels(3);
    assertThat(catchThrowableOfType(IllegalArgumentException.class, () -> three.forChannels(1)))
        .hasMessageContaining("3 means for 1 channels");
  }

  @Test
  void aShapeIsFilledFromTheArchitecture() {
    assertThat(new InputConfig(0, 28, 0).orElse(3, 32, 32)).isEqualTo(new InputConfig(3, 28, 32));
  }
}
