package dev.convoy.trainer.cli;

import dev.convoy.models.benchmark.Measurement;
import dev.convoy.trainer.benchmark.ClusterTraining;
import dev.convoy.trainer.benchmark.LocalTraining;
import dev.convoy.trainer.benchmark.MeasuringLimits;
import dev.convoy.trainer.config.ConvoyConfig;
import dev.convoy.trainer.executor.ExecutorProfile;
import dev.convoy.trainer.training.TrainingSetups;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code convoy bench training}. */
@Command(
    name = "training",
    description =
        "Images per second of a configuration's training, on a cluster or without Spark. Ends the"
            + " run after some rounds; its directory must hold none.")
final class BenchTrainingCommand implements Callable<Integer> {

  private static final int WARM_UPS = 2;

  @ParentCommand private BenchCommand bench;
  @Mixin private ConfigOptions configOptions;
  @Mixin private SparkOptions sparkOptions;
  @Mixin private OutputOptions output;

  @Option(
      names = "--without-spark",
      description = "One worker in this process, in a loop, without Spark and averaging.")
  private boolean withoutSpark;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "20",
      description = "Most rounds that count, after a warm-up of 2; default: ${DEFAULT-VALUE}.")
  private int rounds;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "120",
      description = "After which no further round begins; default: ${DEFAULT-VALUE}.")
  private int seconds;

  @Override
  public Integer call() throws Exception {
    BenchFigures.requireAtLeastOne("--rounds", rounds);
    BenchFigures.requireAtLeastOne("--seconds", seconds);
    MeasuringLimits limits = new MeasuringLimits(WARM_UPS, rounds, Duration.ofSeconds(seconds));
    ConvoyConfig loaded = configOptions.load(sparkOptions);
    if (withoutSpark) {
      say(
          ExecutorProfile.resolve(loaded.threads(), loaded.precision()).toString(),
          LocalTraining.run(TrainingSetups.of(loaded, sparkOptions.hadoop()), limits));
    } else {
      onSpark(loaded, limits);
    }
    return 0;
  }

  private void onSpark(ConvoyConfig loaded, MeasuringLimits limits) throws IOException {
    try (SparkSession session = sparkOptions.open("convoy bench training", loaded.threads())) {
      JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());
      bench.convoy().stop().onStop(spark.sc()::cancelAllJobs);
      say(
          spark.master(),
          ClusterTraining.run(
              spark, loaded, limits, bench.convoy().stop(), bench.convoy().console().progress()));
    } catch (Exception e) { // Spark's own are checked, but not declared
      bench.convoy().stop().check();
      throw e;
    }
  }

  private void say(String machine, List<Measurement> figures) {
    output.say(
        bench.convoy().console(),
        new BenchFigures(machine, figures),
        machine + "\n" + BenchFigures.text(figures));
  }
}
