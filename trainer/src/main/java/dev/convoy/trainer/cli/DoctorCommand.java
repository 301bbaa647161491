package dev.convoy.trainer.cli;

import dev.convoy.data.InvalidRequestException;
import dev.convoy.trainer.config.ConvoyConfig;
import dev.convoy.trainer.doctor.Diagnosis;
import dev.convoy.trainer.doctor.Doctor;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code convoy doctor}. */
@Command(
    name = "doctor",
    description =
        "Look at a cluster before a run spends its time there. Exit code 4 where the run would fail.")
final class DoctorCommand implements Callable<Integer> {

  /** As for a cluster's failure in a run. */
  private static final int WOULD_FAIL = 4;

  @ParentCommand private Convoy convoy;
  @Mixin private ConfigOptions configOptions;
  @Mixin private SparkOptions sparkOptions;
  @Mixin private OutputOptions output;

  @Option(
      names = "--wait",
      paramLabel = "S",
      defaultValue = "60",
      description =
          "Seconds that executors may take to come, and to answer a question; default:"
              + " ${DEFAULT-VALUE}.")
  private int seconds;

  @Override
  public Integer call() throws Exception {
    if (seconds < 1) {
      throw new InvalidRequestException("--wait is %d; at least 1 is needed".formatted(seconds));
    }
    ConvoyConfig config = configOptions.load(sparkOptions);
    try (SparkSession session = sparkOptions.open("convoy doctor", config.threads())) {
      Diagnosis diagnosis =
          new Doctor(new JavaSparkContext(session.sparkContext()), Duration.ofSeconds(seconds))
              .examine(config);
      output.say(convoy.console(), diagnosis, diagnosis.text());
      return diagnosis.ok() ? 0 : WOULD_FAIL;
    }
  }
}
