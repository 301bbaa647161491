package dev.convoy.trainer.cli;

import dev.convoy.data.InvalidRequestException;
import dev.convoy.models.benchmark.Measurement;
import dev.convoy.trainer.benchmark.ConvoyRounds;
import dev.convoy.trainer.benchmark.ForecastLine;
import dev.convoy.trainer.benchmark.RoundCostModel;
import dev.convoy.trainer.benchmark.RoundForecast;
import dev.convoy.trainer.benchmark.RoundMeasurements;
import dev.convoy.trainer.benchmark.RoundPrediction;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code convoy bench model}. */
@Command(
    name = "model",
    description =
        "What a round costs: a model fitted to what `bench round --json` printed, beside what was"
            + " measured, and for clusters that were not.")
final class BenchModelCommand implements Callable<Integer> {

  @ParentCommand private BenchCommand bench;
  @Mixin private OutputOptions output;

  @Option(
      names = "--measured",
      required = true,
      paramLabel = "FILE",
      description = "Lines that `bench round --json` printed.")
  private Path measured;

  @Option(
      names = "--fit-up-to",
      paramLabel = "W",
      defaultValue = "16",
      description = "The most workers that the model is fitted to; default: ${DEFAULT-VALUE}.")
  private int fitUpTo;

  @Option(
      names = "--model",
      paramLabel = "NAME",
      description = "A measured network, for clusters that were not measured.")
  private String network;

  @Option(
      names = "--wire",
      paramLabel = "FORM",
      defaultValue = ConvoyRounds.FLOAT32,
      description = "With --model: a measured wire; default: ${DEFAULT-VALUE}.")
  private String wire;

  @Option(
      names = "--step-seconds",
      paramLabel = "S",
      description = "With --model: the time of one step on one slot, as `bench engine` tells it.")
  private Double stepSeconds;

  @Option(
      names = "--gigabits",
      split = ",",
      paramLabel = "G",
      defaultValue = "10,100",
      description =
          "With --model: what is assumed of each link, Gbit/s; default: ${DEFAULT-VALUE}.")
  private List<Double> gigabits = new ArrayList<>();

  @Override
  public Integer call() throws Exception {
    if ((network == null) != (stepSeconds == null)) {
      throw new InvalidRequestException(
          "--model and --step-seconds belong together: the network, and what a step of it takes");
    }
    for (double bandwidth : gigabits) {
      if (!(bandwidth > 0)) {
        throw new InvalidRequestException(
            "--gigabits is %s; a number above 0 is needed".formatted(bandwidth));
      }
    }
    RoundForecast forecast = RoundForecast.fit(RoundMeasurements.read(measured), fitUpTo);
    List<RoundPrediction> predictions = forecast.predictions();
    List<ForecastLine> lines =
        network == null ? List.of() : forecast.lines(network, wire, stepSeconds, gigabits);
    output.say(
        bench.convoy().console(),
        new Fitted(
            "fitted to %s up to %d workers".formatted(measured, fitUpTo),
            results(predictions),
            forecast.cost(),
            predictions,
            lines),
        text(forecast.cost(), predictions, lines));
    return 0;
  }

  private static List<Measurement> results(List<RoundPrediction> predictions) {
    List<Measurement> results = new ArrayList<>();
    for (RoundPrediction p : predictions) {
      String what =
          "round of %s, %s wire, %d workers on %d slots"
              .formatted(p.model(), p.wire(), p.workers(), p.slots());
      results.add(once(what + ": predicted", "s", p.predictedSeconds()));
      results.add(once(what + ": error", "%", 100 * p.error()));
    }
    return results;
  }

  private static Measurement once(String what, String unit, double value) {
    return new Measurement(what, unit, value, value, value, 1);
  }

  private String text(
      RoundCostModel cost, List<RoundPrediction> predictions, List<ForecastLine> lines) {
    StringBuilder text = new StringBuilder();
    line(
        text,
        "overhead of a round = %.3g s + %.3g s a worker + %.3g s a turn of the slots"
            + " + %.3g s a GB through the driver + %.3g s a GB of a worker and turn",
        cost.perRound(),
        cost.perWorker(),
        cost.perTurn(),
        1e9 * cost.perDriverByte(),
        1e9 * cost.perWorkerByte());
    line(
        text,
        "%n%-18s %-8s %8s %6s %10s %10s %7s %10s %10s %7s",
        "network",
        "wire",
        "workers",
        "slots",
        "round s",
        "predicted",
        "error",
        "overhead",
        "predicted",
        "error");
    for (RoundPrediction p : predictions) {
      line(
          text,
          "%-18s %-8s %7d%s %6d %10.3f %10.3f %6.1f%% %10.3f %10.3f %6.1f%%",
          p.model(),
          p.wire(),
          p.workers(),
          p.workers() <= fitUpTo ? " " : "*",
          p.slots(),
          p.seconds(),
          p.predictedSeconds(),
          100 * p.error(),
          p.overheadSeconds(),
          p.predictedOverheadSeconds(),
          100 * p.overheadError());
    }
    if (predictions.stream().anyMatch(p -> p.workers() > fitUpTo)) {
      line(text, "* not fitted to");
    }
    if (!lines.isEmpty()) {
      line(
          text,
          "%n%s, %s wire, one worker a slot, steps of %.3g s; the bandwidth is an assumption",
          network,
          wire,
          stepSeconds);
      line(
          text,
          "%8s %8s %12s %10s %22s",
          "workers",
          "Gbit/s",
          "overhead s",
          "network s",
          "tau for sync under 5%");
      for (ForecastLine l : lines) {
        line(
            text,
            "%8d %8.0f %12.3f %10.3f %22d",
            l.workers(),
            l.gigabitsPerSecond(),
            l.overheadSeconds(),
            l.networkSeconds(),
            l.steps());
      }
    }
    return text.toString().stripTrailing();
  }

  private static void line(StringBuilder text, String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append(System.lineSeparator());
  }

  private record Fitted(
      String machine,
      List<Measurement> results,
      RoundCostModel costModel,
      List<RoundPrediction> predictions,
      List<ForecastLine> forecast) {}
}
