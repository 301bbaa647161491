package dev.convoy.trainer.prediction;

import dev.convoy.data.InvalidRequestException;
import dev.convoy.data.storage.Storage;
import dev.convoy.models.state.NetworkState;
import dev.convoy.trainer.checkpoint.Checkpoint;
import dev.convoy.trainer.evaluation.CheckpointEvaluation;
import dev.convoy.trainer.executor.Broadcasts;
import dev.convoy.trainer.executor.ExecutorSettings;
import dev.convoy.trainer.executor.RunRelease;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
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
   * @throws InvalidRequestException if there is no folder, no image in it, none that the network
   *     can name, or a folder where the table belongs
   * @throws IOException if the table could not be written: before anything is computed
   */
  public PredictionResult predict(Checkpoint checkpoint, String input, String output, int named)
      throws IOException {
    requireTable(output);
    Storage folder = tableFolder(output);
    String table = output.substring(output.lastIndexOf('/') + 1);
    requireWritable(folder, table);
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
                          Storage.at(input, spark.hadoopConfiguration()).location(),
                          named))
                  .collect());
      predictions.sort(Comparator.comparing(Prediction::path));
      if (predictions.stream().allMatch(Prediction::isFailed)) {
        throw new InvalidRequestException(
            "none of the %d images below %s can be named; of the first, %s, this is why: %s"
                .formatted(
                    predictions.size(),
                    input,
                    predictions.get(0).path(),
                    predictions.get(0).error()));
      }
      folder.write(table, PredictionTable.csv(predictions, named));
      return new PredictionResult(
          predictions.size(),
          predictions.stream().filter(Prediction::isFailed).count(),
          folder.location(table),
          checkpoint.isAveraged());
    } finally {
      RunRelease.everywhere(spark, settings.key(), List.of());
      Broadcasts.destroy(spark, state);
    }
  }

  private Storage tableFolder(String output) throws IOException {
    int slash = output.lastIndexOf('/');
    return Storage.at(
        slash < 0 ? "." : output.substring(0, Math.max(slash, 1)), spark.hadoopConfiguration());
  }

  private static void requireWritable(Storage folder, String table) throws IOException {
    if (folder.isFolder(table)) {
      throw new InvalidRequestException(
          "--output: " + folder.location(table) + " is a folder; give the name of a CSV file");
    }
    String probe = "." + table + "." + UUID.randomUUID();
    folder.write(probe, new byte[0]);
    folder.delete(probe);
  }
}
