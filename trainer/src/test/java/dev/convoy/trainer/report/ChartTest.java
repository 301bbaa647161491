package dev.convoy.trainer.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

final class ChartTest {

  private static List<String> labels(double smallest, double largest) {
    Axis axis = Axis.covering(smallest, largest);
    return axis.ticks().stream().map(axis::label).toList();
  }

  @Test
  void ticksAreRoundNumbers() {
    assertThat(labels(0, 90)).containsExactly("0", "20", "40", "60", "80", "100");
    assertThat(labels(0.13, 2.31)).containsExactly("0", "0.5", "1.0", "1.5", "2.0", "2.5");
    assertThat(labels(0, 1e-4))
        .containsExactly("0", "0.2e-4", "0.4e-4", "0.6e-4", "0.8e-4", "1.0e-4");
    assertThat(labels(12_000, 17_000)).containsExactly("12k", "13k", "14k", "15k", "16k", "17k");
    assertThat(labels(0.1, 0.1)).first().isEqualTo("0.090");
    assertThat(labels(0, 0)).contains("0").hasSizeGreaterThan(3);
  }

  @Property
  void anAxisCoversItsValuesWithFewTicks(
      @ForAll @DoubleRange(min = -1e6, max = 1e6) double a,
      @ForAll @DoubleRange(min = -1e6, max = 1e6) double b) {
    Axis axis = Axis.covering(Math.min(a, b), Math.max(a, b));
    assertThat(axis.position(Math.min(a, b))).isBetween(-1e-6, 1.0);
    assertThat(axis.position(Math.max(a, b))).isBetween(0.0, 1 + 1e-6);
    assertThat(axis.ticks()).hasSizeBetween(3, 9);
    assertThat(axis.ticks().stream().map(axis::label)).doesNotHaveDuplicates();
  }

  @Test
  void thinningKeepsSpikesEndsAndGaps() {
    List<Curve.Point> points = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      points.add(
          new Curve.Point(i, i == 31_417 ? 99 : i == 71_828 ? -99 : i == 5 ? Double.NaN : 0));
    }
    List<Curve.Point> kept = new Curve("loss", 1, points).thinned(1000).points();
    assertThat(kept).hasSizeBetween(500, 1001);
    assertThat(kept).extracting(Curve.Point::y).contains(99.0, -99.0, Double.NaN);
    assertThat(kept).extracting(Curve.Point::x).isSorted();
    assertThat(kept.get(0).x()).isZero();
  }

  @Test
  void shortCurvesStayWhole() {
    Curve curve = new Curve("loss", 1, List.of(new Curve.Point(0, 1), new Curve.Point(1, 2)));
    assertThat(curve.thinned(2)).isSameAs(curve);
  }

  @Test
  void aGapBreaksTheLine() {
    Curve curve =
        new Curve(
            "loss",
            1,
            List.of(
                new Curve.Point(0, 0),
                new Curve.Point(1, 1),
                new Curve.Point(2, Double.NaN),
                new Curve.Point(3, 1),
                new Curve.Point(4, 0)));
    String svg = LineChart.svg("Loss", "", List.of(curve));
    // From 0 to 4 epochs across 488 pixels from 56, from 0 to 1 up 192 pixels from 220.
    assertThat(svg)
        .contains("<path class=\"line s1\" d=\"M56.0 220.0L178.0 28.0M422.0 28.0L544.0 220.0\"/>");
  }

  @Test
  void aPointBetweenGapsIsSeen() {
    List<Curve.Point> points = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      points.add(new Curve.Point(i, i == 50 || i > 97 ? 1 : Double.NaN));
    }
    Curve curve = new Curve("loss", 1, points);
    assertThat(curve.dots()).containsExactly(new Curve.Point(50, 1));
  }

  @Test
  void aCurveWithoutPointsIsNoChart() {
    assertThat(LineChart.svg("Loss", "", List.of(new Curve("a", 1, List.of())))).isEmpty();
    Curve gaps = new Curve("a", 1, List.of(new Curve.Point(1, Double.NaN)));
    assertThat(LineChart.svg("Loss", "", List.of(gaps))).isEmpty();
  }
}
