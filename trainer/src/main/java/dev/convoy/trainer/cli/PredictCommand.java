package dev.convoy.trainer.cli;

import dev.convoy.data.InvalidRequestException;
import dev.convoy.trainer.checkpoint.Checkpoint;
import dev.convoy.trainer.checkpoint.Checkpoints;
import dev.convoy.trainer.prediction.PredictionResult;
import dev.convoy.trainer.prediction.Predictor;
import java.util.concurrent.Callable;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code convoy predict}. */
@Command(name = "predict", description = "Name the images of a folder with a checkpoint.")
final class PredictCommand implements Callable<Integer> {

  @ParentCommand private Convoy convoy;
  @Mixin private SparkOptions sparkOptions;
  @Mixin private OutputOptions output;

  @Option(
      names = "--checkpoint",
      paramLabel = "DIR",
      required = true,
      description = "A checkpoint's folder, or a run's directory for its newest checkpoint.")
  private String checkpoint;

  @Option(
      names = "--input",
      paramLabel = "DIR",
      required = true,
      description = "A folder of .jpg, .jpeg and .png files, at any depth.")
  private String input;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      required = true,
      description = "The CSV file to write.")
  private String table;

  @Option(
      names = "--top",
      paramLabel = "N",
      defaultValue = "5",
      description = "Classes an image, most probable first; default ${DEFAULT-VALUE}.")
  private int top;

  @Override
  public Integer call() throws Exception {
    if (top < 1) {
      throw new InvalidRequestException("--top is %d; at least 1 is needed".formatted(top));
    }
    Predictor.requireTable(table);
    try (SparkSession session = sparkOptions.open("convoy predict", 1)) {
      JavaSparkContext spark = new JavaSparkContext(session.sparkContext());
      Checkpoint found = Checkpoints.find(checkpoint, spark.hadoopConfiguration());
      PredictionResult result = new Predictor(spark).predict(found, input, table, top);
      output.say(
          convoy.console(),
          result,
          "%d images named%s, %d unreadable; table: %s"
              .formatted(
                  result.examples() - result.unreadable(),
                  result.averagedWeights() ? " by the moving average of the weights" : "",
                  result.unreadable(),
                  result.output()));
    }
    return 0;
  }
}
