package dev.convoy.trainer.training;

import dev.convoy.data.InvalidRequestException;
import dev.convoy.data.augment.AugmentationPipeline;
import dev.convoy.data.augment.Normalization;
import dev.convoy.data.dataset.Dataset;
import dev.convoy.data.dataset.DatasetManifest;
import dev.convoy.data.dataset.Split;
import dev.convoy.data.plan.PlanSettings;
import dev.convoy.data.plan.Shuffle;
import dev.convoy.models.Architecture;
import dev.convoy.models.InputShape;
import dev.convoy.models.InvalidModelException;
import dev.convoy.models.ModelRegistry;
import dev.convoy.models.ModelSpec;
import dev.convoy.models.state.ParameterKind;
import dev.convoy.models.state.ParameterLayout;
import dev.convoy.models.training.LossSettings;
import dev.convoy.models.training.OptimizerSettings;
import dev.convoy.models.training.StepSettings;
import dev.convoy.trainer.Json;
import dev.convoy.trainer.Layouts;
import dev.convoy.trainer.averaging.ParameterAveraging;
import dev.convoy.trainer.averaging.PostLocalAveraging;
import dev.convoy.trainer.averaging.SlowMomentum;
import dev.convoy.trainer.averaging.SyncStrategy;
import dev.convoy.trainer.config.ConvoyConfig;
import dev.convoy.trainer.config.DecayExemption;
import dev.convoy.trainer.config.InputConfig;
import dev.convoy.trainer.config.NormalizeConfig;
import dev.convoy.trainer.config.Recalibration;
import dev.convoy.trainer.config.SyncConfig;
import dev.convoy.trainer.schedule.LearningRateSchedule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;

/** Finds and checks everything that a configuration names, before any compute is spent. */
public final class TrainingSetups {

  private TrainingSetups() {}

  /**
   * Checks a configuration against its dataset and the registry.
   *
   * @param config the configuration
   * @param hadoop how to reach the dataset
   * @return the setup, its configuration pinned to the dataset's version
   * @throws InvalidRequestException with all that is wrong, a line each
   * @throws dev.convoy.data.BadDataException if the dataset is damaged
   */
  public static TrainingSetup of(ConvoyConfig config, Configuration hadoop) throws IOException {
    Problems problems = new Problems();
    Optional<Dataset> dataset = dataset(config, hadoop, problems);
    Optional<DatasetManifest> manifest = dataset.map(Dataset::manifest);
    Optional<ModelSpec> model = problems.collect("model", () -> model(config, manifest));
    int channels = model.map(spec -> spec.input().channels()).orElse(3);
    Optional<Normalization> normalization =
        problems.collect("augment.normalize", () -> normalization(config, channels));
    Optional<AugmentationPipeline> training =
        pipeline("augment.train", config.augment().train(), normalization, problems);
    Optional<AugmentationPipeline> evaluating =
        pipeline("augment.evaluate", config.augment().evaluate(), normalization, problems);
    if (model.isPresent() && manifest.isPresent()) {
      ImageFit fit = new ImageFit(model.get().input(), manifest.get().images());
      training.ifPresent(p -> problems.collect("augment.train", () -> fit.require(p)));
      evaluating.ifPresent(p -> problems.collect("augment.evaluate", () -> fit.require(p)));
    }
    Optional<Optional<Split>> evaluated =
        manifest.flatMap(m -> problems.collect("evaluation.split", () -> evaluated(config, m)));
    manifest.ifPresent(m -> checkWorkers(config, m, problems));
    Optional<List<Double>> classWeights =
        manifest.flatMap(
            m ->
                problems.collect(
                    "loss.class_weights", () -> ClassWeights.of(config.loss().classWeights(), m)));
    Optional<ParameterLayout> named =
        model.flatMap(spec -> problems.collect("model", () -> Layouts.of(spec)));
    named.ifPresent(l -> checkBatchNorm(config, l, problems));
    problems.throwIfAny();
    ParameterLayout layout = named.orElseThrow();
    return new TrainingSetup(
        config.withDataset(dataset.orElseThrow().location(), manifest.orElseThrow().version()),
        dataset.orElseThrow(),
        model.orElseThrow(),
        layout,
        new StepSettings(
            optimizer(config),
            new LossSettings(config.loss().labelSmoothing(), classWeights.orElseThrow()),
            config.microBatches()),
        LearningRateSchedule.of(config),
        strategy(config.sync(), layout),
        plan(config, manifest.orElseThrow()),
        training.orElseThrow(),
        evaluating.orElseThrow(),
        evaluated.orElseThrow());
  }

  private static Optional<Dataset> dataset(
      ConvoyConfig config, Configuration hadoop, Problems problems) throws IOException {
    try {
      return Optional.of(
          config.datasetVersion().equals(ConvoyConfig.NEWEST_VERSION)
              ? Dataset.open(config.dataset(), hadoop)
              : Dataset.open(config.dataset(), config.datasetVersion(), hadoop));
    } catch (InvalidRequestException e) {
      problems.add("dataset: " + e.getMessage());
      return Optional.empty();
    }
  }

  private static void checkWorkers(
      ConvoyConfig config, DatasetManifest manifest, Problems problems) {
    if (manifest.examples(Split.TRAIN) < config.workers()) {
      problems.add(
          "workers: %d, but the training split has %d examples; at most one worker an example is possible"
              .formatted(config.workers(), manifest.examples(Split.TRAIN)));
    }
  }

  private static void checkBatchNorm(
      ConvoyConfig config, ParameterLayout layout, Problems problems) {
    if (config.batchNorm().recalibration() != Recalibration.NONE
        && layout.slots().stream().allMatch(slot -> slot.kind().trainable())) {
      problems.add(
          "batch_norm.recalibration: %s, but %s has no batch norm; leave it out"
              .formatted(Json.name(config.batchNorm().recalibration()), config.model().name()));
    }
  }

  /** Without a dataset, as a network for the published number of classes. */
  private static ModelSpec model(ConvoyConfig config, Optional<DatasetManifest> manifest) {
    Architecture architecture = ModelRegistry.standard().get(config.model().name());
    InputShape own = architecture.defaultInput();
    InputConfig input = config.model().input().orElse(own.channels(), own.height(), own.width());
    ModelSpec spec =
        new ModelSpec(
            config.model().name(),
            config.model().arguments(),
            new InputShape(input.channels(), input.height(), input.width()),
            manifest.map(m -> m.classes().size()).orElse(architecture.defaultClasses()));
    ModelRegistry.standard().validate(spec);
    return spec;
  }

  private static Normalization normalization(ConvoyConfig config, int channels) {
    NormalizeConfig each = config.augment().normalize().forChannels(channels);
    return Normalization.of(each.mean(), each.std());
  }

  /** The steps are checked even where the normalisation behind them is wrong. */
  private static Optional<AugmentationPipeline> pipeline(
      String key,
      List<Map<String, Object>> steps,
      Optional<Normalization> normalization,
      Problems problems) {
    List<String> wrong = AugmentationPipeline.problems(key, steps);
    wrong.forEach(problems::add);
    return wrong.isEmpty()
        ? normalization.map(n -> AugmentationPipeline.parse(steps, n))
        : Optional.empty();
  }

  private static Optional<Split> evaluated(ConvoyConfig config, DatasetManifest manifest) {
    Optional<Split> asked =
        switch (config.evaluation().split()) {
          case AUTO -> Optional.empty();
          case TRAIN -> Optional.of(Split.TRAIN);
          case VALIDATION -> Optional.of(Split.VALIDATION);
          case TEST -> Optional.of(Split.TEST);
        };
    if (asked.isPresent() && manifest.examples(asked.get()) == 0) {
      throw new InvalidRequestException(
          "the dataset has no example in the split that is to be evaluated");
    }
    if (asked.isEmpty() && manifest.examples(Split.VALIDATION) > 0) {
      return Optional.of(Split.VALIDATION);
    }
    return asked;
  }

  private static OptimizerSettings optimizer(ConvoyConfig config) {
    Set<ParameterKind> withoutDecay = EnumSet.noneOf(ParameterKind.class);
    for (DecayExemption exempt : config.optimizer().withoutDecay()) {
      switch (exempt) {
        case BIAS -> withoutDecay.add(ParameterKind.BIAS);
        case NORM -> {
          withoutDecay.add(ParameterKind.NORM_SCALE);
          withoutDecay.add(ParameterKind.NORM_SHIFT);
        }
      }
    }
    return new OptimizerSettings(
        config.optimizer().momentum(),
        config.optimizer().weightDecay(),
        withoutDecay,
        config.optimizer().clipping().clipping());
  }

  private static SyncStrategy strategy(SyncConfig sync, ParameterLayout layout) {
    if (sync instanceof SyncConfig.Slowmo slowmo) {
      return new SlowMomentum(
          slowmo.steps(), slowmo.outerMomentum(), slowmo.outerLearningRate(), layout);
    }
    if (sync instanceof SyncConfig.PostLocal postLocal) {
      return new PostLocalAveraging(postLocal.localFromEpoch(), postLocal.steps());
    }
    return new ParameterAveraging(sync.steps());
  }

  private static PlanSettings plan(ConvoyConfig config, DatasetManifest manifest) {
    Shuffle shuffle =
        new Shuffle(
            Shuffle.Kind.valueOf(config.shuffle().kind().name()), config.shuffle().windowShards());
    return new PlanSettings(
        config.workers(),
        config.batch(),
        shuffle.resolve(manifest.bytes(Split.TRAIN)),
        config.seed());
  }

  /** Gathers what several checks find, so that all of it can be said at once. */
  private static final class Problems {
    private final List<String> found = new ArrayList<>();

    void add(String problem) {
      found.add(problem);
    }

    <T> Optional<T> collect(String key, Supplier<T> check) {
      try {
        return Optional.of(check.get());
      } catch (InvalidRequestException | InvalidModelException | IllegalArgumentException e) {
        found.add(key + ": " + e.getMessage());
        return Optional.empty();
      }
    }

    void throwIfAny() {
      if (!found.isEmpty()) {
        throw new InvalidRequestException(String.join(System.lineSeparator(), found));
      }
    }
  }
}
