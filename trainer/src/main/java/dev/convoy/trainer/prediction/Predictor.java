package dev.convoy.trainer.prediction;

import dev.convoy.data.InvalidRequestException;
import dev.convoy.data.storage.Storage;
import dev.convoy.models.state.NetworkState;
import dev.convoy.trainer.checkpoint.Checkpoint;
import dev.convoy.trainer.evaluation.CheckpointEvaluation;
import dev.convoy.trainer.executor.ExecutorSettings;
import dev.convoy.trainer.executor.RunRelease;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/** Names the images of a folder with a checkpoint's network. */
public final class Predictor {

  /** Images of one task. */
  private static final int TASK_IMAGES = 256;

  private final JavaSparkContext spark;

  /** A predictor on a cluster. */
  public Predictor(JavaSparkContext spark) {
    this.spark = spark;
  }

  /**
   * Checks the name of a table before anything is computed for it.
   *
   * @throws InvalidRequestException if it is not that of a CSV file
   */
  public static void requireTable(String output) {
    if (!output.toLowerCase(Locale.ROOT).endsWith(".csv")) {
      throw new InvalidRequestException(
          "--output is '%s'; the table is a CSV file, so its name ends with .csv"
              .formatted(output));
    }
  }

  /**
   * Names every image below a folder and writes the table.
   *
   * @param checkpoint the network
   * @param input folder of .jpg, .jpeg and .png files, at any depth
   * @param output the CSV file to write, replaced if it exists
   * @param named most classes an image, best first
   * @throws InvalidRequestException if there is no folder or no image in it
   */
  public PredictionResult predict(Checkpoint checkpoint, String input, String output, int named)
      throws IOException {
    requireTable(output);
    List<String> paths = ImageFiles.below(input, spark.hadoopConfiguration());
    ExecutorSettings settings = CheckpointEvaluation.executorSettings(spark, checkpoint);
    Broadcast<NetworkState> state = spark.broadcast(checkpoint.state());
    try {
      List<Prediction> predictions =
          new ArrayList<>(
              spark
                  .parallelize(paths, (paths.size() + TASK_IMAGES - 1) / TASK_IMAGES)
                  .mapPartitions(
                      new PredictionTask(
                          settings,
                          state,
                          CheckpointEvaluation.preprocessing(checkpoint),
                          checkpoint.record().trained().classes(),
                          input,
                          named))
                  .collect());
      predictions.sort(Comparator.comparing(Prediction::path));
      int slash = output.lastIndexOf('/');
      Storage folder =
          Storage.at(
              slash < 0 ? "." : output.substring(0, Math.max(slash, 1)),
              spark.hadoopConfiguration());
      folder.write(output.substring(slash + 1), PredictionTable.csv(predictions, named));
      return new PredictionResult(
          predictions.size(),
          predictions.stream().filter(p -> !p.error().isEmpty()).count(),
          output,
          checkpoint.isAveraged());
    } finally {
      RunRelease.everywhere(spark, settings.key(), List.of());
      state.destroy();
    }
  }
}
