package dev.convoy.trainer.cli;

import dev.convoy.trainer.config.Configurations;
import dev.convoy.trainer.config.ConvoyConfig;
import dev.convoy.trainer.training.RunResult;
import dev.convoy.trainer.training.TrainingJob;
import java.util.concurrent.Callable;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code convoy train}. */
@Command(name = "train", description = "Train a network as a configuration file says.")
final class TrainCommand implements Callable<Integer> {

  @ParentCommand private Convoy convoy;
  @Mixin private SparkOptions sparkOptions;
  @Mixin private OutputOptions output;
  @Mixin private ConfigOptions configOptions;

  @Option(names = "--help-config", description = "Print all keys of the configuration.")
  private boolean helpConfig;

  @Override
  public Integer call() throws Exception {
    if (helpConfig) {
      convoy.console().print(Configurations.reference());
      return 0;
    }
    ConvoyConfig loaded = configOptions.load(sparkOptions);
    try (SparkSession session = sparkOptions.open("convoy train", loaded.threads())) {
      RunResult result =
          new TrainingJob(
                  new JavaSparkContext(session.sparkContext()),
                  convoy.stop(),
                  convoy.clock(),
                  convoy.console().progress())
              .train(loaded);
      output.say(convoy.console(), result, ResultText.of(result));
    }
    return 0;
  }
}
