package dev.convoy.trainer.cli;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.convoy.data.InvalidRequestException;
import dev.convoy.data.dataset.Dataset;
import dev.convoy.data.dataset.Split;
import dev.convoy.trainer.checkpoint.Checkpoint;
import dev.convoy.trainer.checkpoint.Checkpoints;
import dev.convoy.trainer.evaluation.CheckpointEvaluation;
import dev.convoy.trainer.evaluation.Evaluation;
import java.util.concurrent.Callable;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code convoy evaluate}. */
@Command(name = "evaluate", description = "Evaluate a checkpoint on a split of a dataset.")
final class EvaluateCommand implements Callable<Integer> {

  @ParentCommand private Convoy convoy;
  @Mixin private SparkOptions sparkOptions;
  @Mixin private OutputOptions output;

  @Option(
      names = "--checkpoint",
      paramLabel = "DIR",
      required = true,
      description = "A checkpoint's folder, or a run's directory for its newest checkpoint.")
  private String checkpoint;

  @Option(names = "--dataset", paramLabel = "DIR", required = true, description = "The dataset.")
  private String dataset;

  @Option(
      names = "--dataset-version",
      paramLabel = "NAME",
      description = "A version of the dataset; default: the newest.")
  private String version;

  @Option(
      names = "--split",
      paramLabel = "NAME",
      defaultValue = "test",
      description = "train, validation or test; default ${DEFAULT-VALUE}.")
  private Split split;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "100",
      description = "Images in one forward pass; default ${DEFAULT-VALUE}.")
  private int batch;

  @Override
  public Integer call() throws Exception {
    if (batch < 1) {
      throw new InvalidRequestException("--batch is %d; at least 1 is needed".formatted(batch));
    }
    try (SparkSession session = sparkOptions.open("convoy evaluate", 1)) {
      JavaSparkContext spark = new JavaSparkContext(session.sparkContext());
      Checkpoint found = Checkpoints.find(checkpoint, spark.hadoopConfiguration());
      Dataset images =
          version == null
              ? Dataset.open(dataset, spark.hadoopConfiguration())
              : Dataset.open(dataset, version, spark.hadoopConfiguration());
      Evaluation evaluation = CheckpointEvaluation.evaluate(spark, found, images, split, batch);
      output.say(
          convoy.console(),
          new Evaluated(found.isAveraged(), evaluation),
          ResultText.of(found, evaluation));
    }
    return 0;
  }

  /**
   * What is said.
   *
   * @param averagedWeights whether the moving average of the weights was evaluated
   */
  private record Evaluated(boolean averagedWeights, @JsonUnwrapped Evaluation evaluation) {}
}
