package dev.convoy.trainer.cli;

import dev.convoy.trainer.training.RunResult;
import dev.convoy.trainer.training.TrainingJob;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code convoy resume}. */
@Command(
    name = "resume",
    description = "Go on with a run exactly where its last completed round ended.")
final class ResumeCommand implements Callable<Integer> {

  @ParentCommand private Convoy convoy;
  @Mixin private SparkOptions sparkOptions;
  @Mixin private OutputOptions output;

  @Option(
      names = "--run",
      paramLabel = "DIR",
      required = true,
      description = "The run's directory.")
  private String run;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Sets a key that `train --help-config` marks as free on resume. Repeatable.")
  private List<String> overrides = new ArrayList<>();

  @Override
  public Integer call() throws Exception {
    int threads = TrainingJob.started(run, sparkOptions.hadoop()).threads();
    try (SparkSession session = sparkOptions.open("convoy resume", threads)) {
      RunResult result =
          new TrainingJob(
                  new JavaSparkContext(session.sparkContext()),
                  convoy.stop(),
                  convoy.clock(),
                  convoy.console().progress())
              .resume(run, overrides);
      output.say(convoy.console(), result, ResultText.of(result));
    }
    return 0;
  }
}
