package dev.convoy.trainer.cli;

import dev.convoy.data.InvalidRequestException;
import dev.convoy.data.storage.Storage;
import dev.convoy.trainer.config.Configurations;
import dev.convoy.trainer.config.ConvoyConfig;
import dev.convoy.trainer.training.RunResult;
import dev.convoy.trainer.training.TrainingJob;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
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

  @Option(names = "--config", paramLabel = "FILE", description = "The configuration, as YAML.")
  private String config;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Sets a key of the configuration. Repeatable.")
  private List<String> overrides = new ArrayList<>();

  @Option(names = "--help-config", description = "Print all keys of the configuration.")
  private boolean helpConfig;

  /** The file's text; the file may lie in any file system. */
  private String configuration() throws IOException {
    int slash = config.lastIndexOf('/');
    String folder = slash < 0 ? "." : config.substring(0, Math.max(slash, 1));
    String name = config.substring(slash + 1);
    Storage storage = Storage.at(folder, sparkOptions.hadoop());
    if (name.isEmpty() || !storage.isFile(name)) {
      throw new InvalidRequestException("there is no configuration file " + config);
    }
    return new String(storage.read(name), StandardCharsets.UTF_8);
  }

  @Override
  public Integer call() throws Exception {
    if (helpConfig) {
      convoy.console().print(Configurations.reference());
      return 0;
    }
    if (config == null) {
      throw new InvalidRequestException(
          "--config FILE is missing; --help-config prints what the file can hold");
    }
    ConvoyConfig loaded = Configurations.load(configuration(), overrides);
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
