package dev.convoy.trainer.training;

import dev.convoy.data.augment.AugmentationPipeline;
import dev.convoy.data.dataset.Dataset;
import dev.convoy.data.dataset.DatasetManifest;
import dev.convoy.data.dataset.ShardEntry;
import dev.convoy.data.dataset.Split;
import dev.convoy.data.plan.PlanSettings;
import dev.convoy.data.storage.HadoopSettings;
import dev.convoy.models.ModelSpec;
import dev.convoy.models.state.ParameterLayout;
import dev.convoy.models.training.ComputeProfile;
import dev.convoy.models.training.OptimizerSettings;
import dev.convoy.models.training.StepSettings;
import dev.convoy.trainer.averaging.StateLayout;
import dev.convoy.trainer.averaging.SyncStrategy;
import dev.convoy.trainer.averaging.WeightEma;
import dev.convoy.trainer.checkpoint.CheckpointRecord;
import dev.convoy.trainer.config.ConvoyConfig;
import dev.convoy.trainer.executor.CacheLimits;
import dev.convoy.trainer.executor.DatasetVersion;
import dev.convoy.trainer.executor.ExecutorSettings;
import dev.convoy.trainer.executor.RunKey;
import dev.convoy.trainer.recalibration.BatchNormRecalibration;
import dev.convoy.trainer.round.RunSettings;
import dev.convoy.trainer.run.RunRecord;
import dev.convoy.trainer.schedule.LearningRateSchedule;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * A configuration with everything it names found and checked.
 *
 * @param config the configuration
 * @param dataset its dataset, at the pinned version
 * @param model the network, for the dataset's classes
 * @param layout of its parameters
 * @param step what its steps compute
 * @param schedule its learning rates
 * @param strategy its averaging
 * @param plan what plans its epochs
 * @param training augmentation of training images
 * @param evaluating what images go through in evaluation
 * @param evaluated the split evaluated after epochs, if any
 */
public record TrainingSetup(
    ConvoyConfig config,
    Dataset dataset,
    ModelSpec model,
    ParameterLayout layout,
    StepSettings step,
    LearningRateSchedule schedule,
    SyncStrategy strategy,
    PlanSettings plan,
    AugmentationPipeline training,
    AugmentationPipeline evaluating,
    Optional<Split> evaluated) {

  /** Its momentum SGD. */
  public OptimizerSettings optimizer() {
    return step.optimizer();
  }

  /** The moving average of its weights, if one is kept. */
  public Optional<WeightEma> ema() {
    return config.ema().ema();
  }

  /** The dataset's manifest. */
  public DatasetManifest manifest() {
    return dataset.manifest();
  }

  /** Examples in each shard of the training split, in the manifest's order. */
  public int[] shardSizes() {
    return manifest().shards(Split.TRAIN).stream().mapToInt(ShardEntry::examples).toArray();
  }

  /**
   * What its checkpoints say of the training.
   *
   * @param run whose experiment they name by the digest that it began with: another version of
   *     Convoy, with other keys, digests the same experiment otherwise
   */
  public CheckpointRecord.Trained trained(RunRecord run) {
    return new CheckpointRecord.Trained(
        model,
        manifest().classes(),
        new CheckpointRecord.Preprocessing(
            config.augment().evaluate(),
            config.augment().normalize().mean(),
            config.augment().normalize().std()),
        run.profile().precision(),
        CheckpointRecord.Origin.trained(
            new CheckpointRecord.Training(
                run.datasetFingerprint(),
                run.datasetVersion(),
                manifest().settings().keptBack(),
                run.experiment())));
  }

  /** The dataset's version as executors open it. */
  public DatasetVersion version() {
    return new DatasetVersion(dataset.location(), manifest().version());
  }

  /**
   * From what an executor makes what it keeps of the run.
   *
   * @param key names the run among all that an executor may serve
   * @param profile of the run
   * @param hadoop how executors reach file systems
   */
  public ExecutorSettings executor(RunKey key, ComputeProfile profile, HadoopSettings hadoop) {
    return new ExecutorSettings(
        key,
        model,
        step,
        profile,
        config.allowMixedProfiles()
            ? ExecutorSettings.MixedProfiles.ALLOWED
            : ExecutorSettings.MixedProfiles.REFUSED,
        new CacheLimits(
            config.memory().shardCache().bytes(),
            config.memory().prefetch().bytes(),
            config.memory().idle()),
        hadoop);
  }

  /** What stays the same for all rounds. */
  public RunSettings rounds(ExecutorSettings executor) {
    return new RunSettings(
        executor, version(), manifest().shards(Split.TRAIN), plan, training, config.sync().wire());
  }

  /**
   * What recalibrates its batch norms after the last epoch: nothing where that is not asked for.
   *
   * @param spark the cluster
   * @param executor from which executors make what they keep
   */
  public Optional<BatchNormRecalibration> recalibration(
      JavaSparkContext spark, ExecutorSettings executor) {
    RunSettings rounds = rounds(executor);
    return switch (config.batchNorm().recalibration()) {
      case NONE -> Optional.empty();
      case TRAIN -> Optional.of(recalibration(spark, rounds));
      case EVALUATE -> Optional.of(recalibration(spark, rounds.with(evaluating)));
    };
  }

  private BatchNormRecalibration recalibration(JavaSparkContext spark, RunSettings images) {
    return new BatchNormRecalibration(spark, images, new StateLayout(layout), config.epochs());
  }

  /**
   * The split that the run's last figures are of: test where there is one, else validation, else as
   * evaluated after epochs.
   */
  public Optional<Split> reported() {
    return Stream.of(Split.TEST, Split.VALIDATION)
        .filter(split -> manifest().examples(split) > 0)
        .findFirst()
        .or(() -> evaluated);
  }
}
