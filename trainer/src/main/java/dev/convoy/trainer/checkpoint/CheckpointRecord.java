package dev.convoy.trainer.checkpoint;

import dev.convoy.data.dataset.Split;
import dev.convoy.models.ModelSpec;
import dev.convoy.models.export.TrainedNetwork;
import dev.convoy.models.training.PrecisionChoice;
import dev.convoy.trainer.Position;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code checkpoint.json} says; writing it is the one act that commits a checkpoint.
 *
 * @param format of this record, {@link #FORMAT}
 * @param position the next round
 * @param validation how good the network was at this position, where it was evaluated
 * @param parametersSha256 over parameters and running statistics, in the order of their names
 * @param trained what was trained
 * @param files the tensor files beside this one, by name; without momentum, it is 0
 */
public record CheckpointRecord(
    int format,
    Position position,
    Optional<Validation> validation,
    String parametersSha256,
    Trained trained,
    Map<String, FileDigest> files) {

  /** The format this version writes and reads. */
  public static final int FORMAT = 4;

  /**
   * An evaluation.
   *
   * @param split that was evaluated
   * @param top1 share of its examples whose most probable class is the label
   */
  public record Validation(Split split, double top1) {}

  /**
   * What stays the same over a run's checkpoints: all that is needed to use one without the run, or
   * without the file that it was imported from.
   *
   * @param model registry name, arguments, input and number of classes; never code
   * @param classes names of the classes, by index
   * @param preprocessing what an image goes through before the network
   * @param precision that its workers computed in, "float32" or "bfloat16"
   * @param origin where the parameters come from
   */
  public record Trained(
      ModelSpec model,
      List<String> classes,
      Preprocessing preprocessing,
      String precision,
      Origin origin) {

    /** The network with its parameters, for other formats. */
    public TrainedNetwork network(float[] parameters) {
      return new TrainedNetwork(
          model, parameters, classes, preprocessing.mean(), preprocessing.std());
    }

    /** As it was trained, but float32 where the processor cannot compute so. */
    public PrecisionChoice evaluationPrecision() {
      return precision.equals("bfloat16") ? PrecisionChoice.AUTO : PrecisionChoice.FLOAT32;
    }
  }

  /**
   * Where parameters come from: one of the two.
   *
   * @param training that made them
   * @param imported what they were read from
   */
  public record Origin(Optional<Training> training, Optional<Imported> imported) {

    /** Checks that it is one of the two. */
    public Origin {
      if (training.isPresent() == imported.isPresent()) {
        throw new IllegalArgumentException("parameters are either trained or imported");
      }
    }

    /** Trained by a run. */
    public static Origin trained(Training training) {
      return new Origin(Optional.of(training), Optional.empty());
    }

    /** Read from a weight file. */
    public static Origin imported(String file, String format, String sha256) {
      return new Origin(Optional.empty(), Optional.of(new Imported(file, format, sha256)));
    }
  }

  /**
   * A run.
   *
   * @param datasetFingerprint of the dataset trained on
   * @param datasetVersion of that dataset
   * @param keptBack share of its drawn examples that were not trained on, for test and validation
   * @param experiment digest of the experiment's configuration
   */
  public record Training(
      String datasetFingerprint, String datasetVersion, double keptBack, String experiment) {}

  /**
   * A weight file.
   *
   * @param file its name, without the folder
   * @param format in words
   * @param sha256 of the file; of a model.json, not of the shards that it names
   */
  public record Imported(String file, String format, String sha256) {}

  /**
   * From decoded image to the network's input.
   *
   * @param steps augmentations in evaluation, as the configuration states them
   * @param mean of each channel, subtracted after division by 255
   * @param std of each channel, divided by after that
   */
  public record Preprocessing(
      List<Map<String, Object>> steps, List<Double> mean, List<Double> std) {}

  /**
   * A file's length and digest.
   *
   * @param bytes its length
   * @param sha256 in lower-case hexadecimal
   */
  public record FileDigest(long bytes, String sha256) {}
}
