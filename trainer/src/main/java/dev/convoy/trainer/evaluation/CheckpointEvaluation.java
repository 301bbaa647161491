package dev.convoy.trainer.evaluation;

import dev.convoy.data.InvalidRequestException;
import dev.convoy.data.augment.AugmentationPipeline;
import dev.convoy.data.augment.Normalization;
import dev.convoy.data.dataset.Dataset;
import dev.convoy.data.dataset.DatasetManifest;
import dev.convoy.data.dataset.Split;
import dev.convoy.data.storage.HadoopSettings;
import dev.convoy.models.ModelSpec;
import dev.convoy.models.training.DeviceChoice;
import dev.convoy.models.training.OptimizerSettings;
import dev.convoy.trainer.Json;
import dev.convoy.trainer.checkpoint.Checkpoint;
import dev.convoy.trainer.checkpoint.CheckpointRecord;
import dev.convoy.trainer.executor.CacheLimits;
import dev.convoy.trainer.executor.ClusterProfile;
import dev.convoy.trainer.executor.DatasetVersion;
import dev.convoy.trainer.executor.ExecutorSettings;
import dev.convoy.trainer.executor.RunKey;
import dev.convoy.trainer.executor.RunRelease;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.spark.api.java.JavaSparkContext;

/** Uses a checkpoint apart from its run. */
public final class CheckpointEvaluation {

  private static final CacheLimits LIMITS = new CacheLimits(512L << 20, 0, Duration.ofMinutes(10));

  private static final int MOST_NAMED = 20;

  /** Of sums of shares: 0.1 and 0.2 are more than 0.3. */
  private static final double ROUNDING = 1e-9;

  private CheckpointEvaluation() {}

  /**
   * Evaluates a checkpoint on a split of a dataset, whose classes may be some of the network's.
   *
   * @param batch most images in one forward pass
   * @throws InvalidRequestException if the dataset has classes that the checkpoint does not know,
   *     no such split, or is of the very images that it was trained on, with some of those in a
   *     split for test or validation
   */
  public static Evaluation evaluate(
      JavaSparkContext spark, Checkpoint checkpoint, Dataset dataset, Split split, int batch) {
    List<String> classes = checkpoint.record().trained().classes();
    int[] classOfLabel = classOfLabel(classes, dataset.manifest().classes());
    if (dataset.manifest().examples(split) == 0) {
      throw new InvalidRequestException(
          "%s has no example in the split %s".formatted(dataset.location(), Json.name(split)));
    }
    refuseTrainedOn(checkpoint, dataset.manifest(), split);
    ExecutorSettings settings = executorSettings(spark, checkpoint);
    try {
      return new Evaluator(spark)
          .evaluate(
              new EvaluationSettings(
                  settings,
                  new DatasetVersion(dataset.location(), dataset.manifest().version()),
                  dataset.manifest().shards(split),
                  preprocessing(checkpoint),
                  batch,
                  classOfLabel),
              checkpoint.state(),
              classes);
    } finally {
      RunRelease.everywhere(spark, settings.key(), List.of());
    }
  }

  /** The same images may have been ingested again with larger shares. */
  private static void refuseTrainedOn(Checkpoint checkpoint, DatasetManifest images, Split split) {
    CheckpointRecord.Training training =
        checkpoint.record().trained().origin().training().orElse(null);
    if (training == null
        || split == Split.TRAIN
        || !training.datasetFingerprint().equals(images.fingerprint())
        || images.settings().drawnUpTo(split) <= training.keptBack() + ROUNDING) {
      return;
    }
    throw new InvalidRequestException(
        ("the split %s of version %s has images that the checkpoint was trained on: it draws a share of up"
                + " to %s, of which version %s, that it was trained on, kept back %s; give"
                + " --dataset-version %s, or images that are not in that dataset")
            .formatted(
                Json.name(split),
                images.version(),
                images.settings().drawnUpTo(split),
                training.datasetVersion(),
                training.keptBack(),
                training.datasetVersion()));
  }

  /** Classes are the same when their names are. */
  private static int[] classOfLabel(List<String> known, List<String> dataset) {
    Map<String, Integer> index = new HashMap<>();
    for (int i = 0; i < known.size(); i++) {
      index.put(known.get(i), i);
    }
    List<String> unknown = dataset.stream().filter(name -> !index.containsKey(name)).toList();
    if (!unknown.isEmpty()) {
      throw new InvalidRequestException(
          "the checkpoint knows the classes %s, the dataset also has %s; evaluate it on a dataset of classes that it knows"
              .formatted(named(known), named(unknown)));
    }
    return dataset.stream().mapToInt(index::get).toArray();
  }

  private static String named(List<String> classes) {
    return classes.size() <= MOST_NAMED
        ? classes.toString()
        : "%s and %d more".formatted(classes.subList(0, MOST_NAMED), classes.size() - MOST_NAMED);
  }

  /** What an executor needs to use the checkpoint's network without training it. */
  public static ExecutorSettings executorSettings(JavaSparkContext spark, Checkpoint checkpoint) {
    ModelSpec model = checkpoint.record().trained().model();
    return new ExecutorSettings(
        new RunKey(spark.sc().applicationId(), UUID.randomUUID().toString()),
        model,
        new OptimizerSettings(0, 0, Set.of()),
        0,
        ClusterProfile.resolve(
            spark,
            DeviceChoice.AUTO,
            spark.getConf().getInt("spark.task.cpus", 1),
            checkpoint.record().trained().evaluationPrecision()),
        ExecutorSettings.MixedProfiles.ALLOWED,
        LIMITS,
        HadoopSettings.of(spark.hadoopConfiguration()));
  }

  /** What the checkpoint's network expects images to go through. */
  public static AugmentationPipeline preprocessing(Checkpoint checkpoint) {
    CheckpointRecord.Trained trained = checkpoint.record().trained();
    return AugmentationPipeline.parse(
        trained.preprocessing().steps(),
        Normalization.of(trained.preprocessing().mean(), trained.preprocessing().std()));
  }
}
