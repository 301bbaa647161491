package dev.convoy.trainer.config;

import dev.convoy.models.training.DeviceChoice;
import dev.convoy.models.training.PrecisionChoice;
import java.util.List;

/**
 * The effective configuration of one run: what was given, defaults filled in, judged as a whole.
 * {@link Configurations} reads it; {@link Configurations#reference} lists its keys.
 *
 * @param dataset folder that `ingest` wrote
 * @param datasetVersion the version to pin, or {@link #NEWEST_VERSION}
 * @param run the run's directory
 * @param seed from which all randomness is derived
 * @param epochs passes over the training split, at least 1
 * @param workers logical workers W, at least 1
 * @param batch examples per worker and step, at least 1
 * @param microBatches parts in which a batch goes through the network, from 1 to {@code batch}
 * @param threads computing threads per worker, at least 1
 * @param precision of the workers' arithmetic
 * @param device what the workers compute on
 * @param sync how the workers are brought together
 * @param onDivergence what happens to a worker whose numbers are not finite
 * @param model what is trained
 * @param optimizer momentum SGD
 * @param schedule the learning rate over the epochs
 * @param loss cross-entropy and its smoothing
 * @param ema the moving average of the weights
 * @param batchNorm its running statistics
 * @param augment what is done to the pictures
 * @param shuffle how examples are spread over an epoch
 * @param checkpoint when and how many
 * @param evaluation when and on what
 * @param memory bounds of caches
 * @param allowMixedProfiles whether executors may compute with different profiles; the run is then
 *     not repeatable
 */
public record ConvoyConfig(
    @Required(example = "s3a://bucket/flowers")
        @Operation
        @Doc(
            "Folder that `ingest` wrote; what the experiment holds on to are its images, splits and shards")
        String dataset,
    @Default("newest")
        @Experiment
        @Doc("Version of the dataset to pin, or `newest`: the newest one when the run starts")
        String datasetVersion,
    @Required(example = "s3a://bucket/runs/flowers-resnet50") @Operation @Doc("The run's directory")
        String run,
    @Default("1") @Experiment @Doc("From which all randomness is derived") long seed,
    @Required(example = "90") @Experiment @Doc("Passes over the training split, at least 1")
        int epochs,
    @Required(example = "8") @Experiment @Doc("Logical workers, at least 1") int workers,
    @Required(example = "32") @Experiment @Doc("Examples per worker and step, at least 1")
        int batch,
    @Default("1")
        @Experiment
        @Doc(
            "Parts in which each batch goes through the network, one after the other, their gradients"
                + " added up; memory is taken for one part; at least 1")
        int microBatches,
    @Default("1") @Experiment @Doc("Computing threads per worker, at least 1") int threads,
    @Default("auto")
        @Experiment
        @Doc(
            "What workers compute in: `float32`, `bfloat16` or `bf16` (parameters stay float32), or"
                + " `auto`: bfloat16 where the processor has it natively")
        PrecisionChoice precision,
    @Default("auto")
        @Experiment
        @Doc(
            "What a worker computes on: `cpu`; `gpu`, the one that Spark assigned to its task; or"
                + " `auto`: gpu where Spark assigned one and this build has a backend for it")
        DeviceChoice device,
    SyncConfig sync,
    @Default("stop")
        @Experiment
        @Doc(
            "What happens when a worker's loss or state is not finite: `stop` the run, or `skip` the"
                + " worker's round, as long as another worker is left")
        DivergencePolicy onDivergence,
    ModelConfig model,
    OptimizerConfig optimizer,
    ScheduleConfig schedule,
    LossConfig loss,
    EmaConfig ema,
    BatchNormConfig batchNorm,
    AugmentConfig augment,
    ShuffleConfig shuffle,
    CheckpointConfig checkpoint,
    EvaluationConfig evaluation,
    MemoryConfig memory,
    @Default("false")
        @Experiment
        @Doc(
            "Whether executors may compute with different profiles; the run is then marked as not"
                + " repeatable")
        boolean allowMixedProfiles) {

  /** The {@code dataset_version} that stands for the newest version when the run starts. */
  public static final String NEWEST_VERSION = "newest";

  /**
   * @throws ConfigurationException with everything that is wrong
   */
  public ConvoyConfig {
    Problems problems =
        new Problems()
            .require(!dataset.isBlank(), "dataset", dataset, "the folder that ingest wrote")
            .require(
                !datasetVersion.isBlank(),
                "dataset_version",
                datasetVersion,
                "a version of the dataset, or newest")
            .require(!run.isBlank(), "run", run, "the folder that the run is kept in")
            .requireTogether(
                !run.equals(dataset),
                "run",
                run,
                "a folder other than the dataset's",
                List.of("run", "dataset"))
            .require(epochs >= 1, "epochs", epochs, "at least 1")
            .require(workers >= 1, "workers", workers, "at least 1")
            .require(batch >= 1, "batch", batch, "at least 1")
            .require(threads >= 1, "threads", threads, "at least 1")
            .require(microBatches >= 1, "micro_batches", microBatches, "at least 1")
            .requireTogether(
                microBatches <= batch,
                "micro_batches",
                microBatches,
                "at most batch = " + batch + ", one example in each",
                List.of("micro_batches", "batch"));
    ScheduleProblems.check(
        schedule, epochs, optimizer.effectiveLearningRate((long) workers * batch), problems);
    SyncProblems.check(sync, epochs, problems);
    int channels = model.input().channels();
    int means = augment.normalize().mean().size();
    problems.requireTogether(
        channels == InputConfig.ARCHITECTURES_OWN || means == 1 || means == channels,
        "augment.normalize.mean",
        augment.normalize().mean(),
        "one number for all channels, or one for each of model.input.channels = " + channels,
        List.of("augment", "model"));
    problems.throwIfAny();
  }

  /** Returns the examples of one step of all workers: W times the batch. */
  public long globalBatch() {
    return (long) workers * batch;
  }

  /** Returns this configuration with the version that the run has pinned. */
  public ConvoyConfig withDatasetVersion(String version) {
    return withDataset(dataset, version);
  }

  /** Returns this configuration with a dataset as every process finds it. */
  public ConvoyConfig withDataset(String location, String version) {
    return new ConvoyConfig(
        location,
        version,
        run,
        seed,
        epochs,
        workers,
        batch,
        microBatches,
        threads,
        precision,
        device,
        sync,
        onDivergence,
        model,
        optimizer,
        schedule,
        loss,
        ema,
        batchNorm,
        augment,
        shuffle,
        checkpoint,
        evaluation,
        memory,
        allowMixedProfiles);
  }

  /** Returns every key as YAML, which {@link Configurations#load} reads back to an equal object. */
  public String toYaml() {
    return YamlWriter.block(ConfigTree.of(this));
  }

  /**
   * Returns the SHA-256 (lower-case hexadecimal) of the canonical JSON of the experiment's keys,
   * defaults filled in. Operation keys do not enter.
   */
  public String experimentDigest() {
    return ExperimentIdentity.digest(this);
  }

  /**
   * Compares this configuration, with which a run was started, with another one.
   *
   * @return one line {@code key: was X, now Y} for each experiment key whose value differs; empty
   *     exactly when the digests are equal
   */
  public List<String> experimentDifferences(ConvoyConfig other) {
    return ExperimentIdentity.differences(this, other);
  }
}
