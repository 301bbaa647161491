package dev.convoy.trainer.report;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** The report's charts: loss, accuracy, learning rate and speed over the epochs. */
final class Charts {
  private final ReportData data;

  Charts(ReportData data) {
    this.data = data;
  }

  /** Returns an SVG for each chart that has anything to show. */
  List<String> all() {
    return Stream.of(
            LineChart.svg(
                "Loss",
                "",
                List.of(
                    rounds("round", 4, RoundPoint::loss),
                    epochs("training", 1, EpochPoint::trainLoss),
                    epochs(data.evaluated(), 2, EpochPoint::loss))),
            LineChart.svg(
                "Accuracy, " + data.evaluated(),
                "%",
                List.of(
                    epochs("top-1", 2, epoch -> epoch.top1() * 100),
                    epochs("top-5", 3, epoch -> epoch.top5() * 100))),
            LineChart.svg(
                "Learning rate", "", List.of(rounds("rate", 1, RoundPoint::learningRate))),
            LineChart.svg(
                "Speed", "images/s", List.of(rounds("speed", 1, RoundPoint::imagesPerSecond))))
        .filter(svg -> !svg.isEmpty())
        .toList();
  }

  private Curve rounds(String name, int colour, ToDoubleFunction<RoundPoint> value) {
    return new Curve(
        name,
        colour,
        data.rounds().stream()
            .map(round -> new Curve.Point(round.epoch(), value.applyAsDouble(round)))
            .toList());
  }

  private Curve epochs(String name, int colour, ToDoubleFunction<EpochPoint> value) {
    return new Curve(
        name,
        colour,
        data.epochs().stream()
            .map(epoch -> new Curve.Point(epoch.epoch(), value.applyAsDouble(epoch)))
            // An epoch that was not evaluated is no gap between those that were.
            .filter(point -> !Double.isNaN(point.y()))
            .toList());
  }
}
