package dev.convoy.trainer.benchmark;

import dev.convoy.models.benchmark.Measurement;
import dev.convoy.trainer.config.ConvoyConfig;
import dev.convoy.trainer.round.WorkerReport;
import dev.convoy.trainer.training.StopRequest;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.apache.spark.api.java.JavaSparkContext;

/** A configuration's training on a cluster, as {@code convoy train} does it, for some rounds. */
public final class ClusterTraining {

  private ClusterTraining() {}

  /**
   * Trains in the configuration's run directory, which must hold no run yet.
   *
   * @param interruption how a signal reaches it
   * @param progress where people see how it goes
   * @return images a second over whole rounds, and where their time goes
   */
  public static List<Measurement> run(
      JavaSparkContext spark,
      ConvoyConfig config,
      MeasuringLimits limits,
      StopRequest interruption,
      PrintStream progress)
      throws IOException {
    try (RoundProbe probe = RoundProbe.on(spark)) {
      List<CompletedRound> rounds =
          TrainingRounds.run(
              spark, config, limits, probe, round -> "round " + round, interruption, progress);
      ClusterShape cluster = ClusterShape.of(spark);
      String what =
          "training of %s, %d workers on %d slots of Spark, batch %d, tau = %d"
              .formatted(
                  config.model().name(),
                  config.workers(),
                  cluster.slots(),
                  config.batch(),
                  stepsOf(rounds, config));
      return List.of(
          Summary.of(
              what,
              "images/s",
              rounds.stream().map(round -> round.examples() / round.seconds()).toList()),
          Summary.of(
              what + ": loading of all workers",
              "s",
              rounds.stream().map(r -> sum(r, WorkerReport::secondsLoading)).toList()),
          Summary.of(
              what + ": steps of all workers",
              "s",
              rounds.stream().map(r -> sum(r, WorkerReport::secondsComputing)).toList()),
          Summary.of(
              what + ": wall time of a round",
              "s",
              rounds.stream().map(CompletedRound::seconds).toList()));
    }
  }

  /** Of the longest round: an epoch's last one may have fewer than are asked for. */
  private static int stepsOf(List<CompletedRound> rounds, ConvoyConfig config) {
    int step = config.workers() * config.batch();
    int most = rounds.stream().mapToInt(CompletedRound::examples).max().orElse(0);
    return (most + step - 1) / step;
  }

  private static double sum(CompletedRound round, ToDoubleFunction<WorkerReport> seconds) {
    return round.reports().stream().mapToDouble(seconds).sum();
  }
}
