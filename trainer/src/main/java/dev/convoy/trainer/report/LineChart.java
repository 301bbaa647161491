package dev.convoy.trainer.report;

import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/** A chart of curves as SVG, whose colours are classes of the report's style sheet. */
final class LineChart {
  private static final int MOST_POINTS = 1000;
  private static final int WIDTH = 560;
  private static final int HEIGHT = 260;
  private static final int LEFT = 56;
  private static final int RIGHT = 16;
  private static final int TOP = 28;
  private static final int BOTTOM = 40;

  private final String title;
  private final String unit;
  private final List<Curve> curves;
  private final Axis across;
  private final Axis up;
  private final StringBuilder svg = new StringBuilder();

  private LineChart(String title, String unit, List<Curve> curves) {
    this.title = title;
    this.unit = unit;
    this.curves = curves;
    double last = xs(curves).max().orElseThrow();
    this.across = Axis.covering(0, last);
    double smallest = ys(curves).min().orElseThrow();
    double largest = ys(curves).max().orElseThrow();
    // From 0 where the values lie near it, compared with their spread.
    this.up =
        Axis.covering(smallest > 0 && smallest < (largest - smallest) ? 0 : smallest, largest);
  }

  /**
   * Draws the curves over the epochs.
   *
   * @return an {@code <svg>} element, or an empty string where no curve has a finite point
   */
  static String svg(String title, String unit, List<Curve> curves) {
    List<Curve> drawn =
        curves.stream()
            .filter(curve -> curve.points().stream().anyMatch(point -> !point.isGap()))
            .map(curve -> curve.thinned(MOST_POINTS))
            .toList();
    return drawn.isEmpty() ? "" : new LineChart(title, unit, drawn).draw();
  }

  private String draw() {
    svg.append(
        text(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\""
                + " aria-label=\"%s\">\n",
            WIDTH, HEIGHT, Html.escape(title)));
    svg.append(text("<text class=\"name\" x=\"%d\" y=\"16\">%s</text>\n", LEFT, heading()));
    grid();
    for (Curve curve : curves) {
      draw(curve);
    }
    if (curves.size() > 1) {
      legend();
    }
    return svg.append("</svg>").toString();
  }

  private String heading() {
    return Html.escape(unit.isEmpty() ? title : title + " (" + unit + ")");
  }

  private void grid() {
    for (double tick : up.ticks()) {
      double y = y(tick);
      svg.append(
          text(
              "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>\n",
              LEFT, WIDTH - RIGHT, y, y));
      svg.append(
          text(
              "<text class=\"tick end\" x=\"%d\" y=\"%.1f\">%s</text>\n",
              LEFT - 6, y + 4, up.label(tick)));
    }
    for (double tick : across.ticks()) {
      double x = x(tick);
      svg.append(
          text(
              "<line class=\"axis\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>\n",
              x, x, HEIGHT - BOTTOM, HEIGHT - BOTTOM + 4));
      svg.append(
          text(
              "<text class=\"tick middle\" x=\"%.1f\" y=\"%d\">%s</text>\n",
              x, HEIGHT - BOTTOM + 17, across.label(tick)));
    }
    svg.append(
        text(
            "<line class=\"axis\" x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\"/>\n",
            LEFT, WIDTH - RIGHT, HEIGHT - BOTTOM, HEIGHT - BOTTOM));
    svg.append(
        text(
            "<text class=\"tick middle\" x=\"%d\" y=\"%d\">epochs</text>\n",
            (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 6));
  }

  private void draw(Curve curve) {
    StringBuilder path = new StringBuilder();
    boolean penDown = false;
    for (Curve.Point point : curve.points()) {
      if (!point.isGap()) {
        path.append(text("%s%.1f %.1f", penDown ? "L" : "M", x(point.x()), y(point.y())));
      }
      penDown = !point.isGap();
    }
    svg.append(
        text(
            "<path class=\"line s%d%s\" d=\"%s\"/>\n",
            curve.colour(), curve.isShort() ? "" : " fine", path));
    for (Curve.Point point : curve.dots()) {
      svg.append(
          text(
              "<circle class=\"dot s%d\" cx=\"%.1f\" cy=\"%.1f\" r=\"2.5\"/>\n",
              curve.colour(), x(point.x()), y(point.y())));
    }
  }

  private void legend() {
    double end = WIDTH - RIGHT;
    for (int i = curves.size() - 1; i >= 0; i--) {
      Curve curve = curves.get(i);
      svg.append(
          text(
              "<text class=\"tick end\" x=\"%.1f\" y=\"16\">%s</text>\n",
              end, Html.escape(curve.name())));
      end -= curve.name().length() * 6.2 + 8;
      svg.append(
          text(
              "<line class=\"line s%d\" x1=\"%.1f\" x2=\"%.1f\" y1=\"12\" y2=\"12\"/>\n",
              curve.colour(), end - 14, end));
      end -= 28;
    }
  }

  private double x(double value) {
    return LEFT + across.position(value) * (WIDTH - LEFT - RIGHT);
  }

  private double y(double value) {
    return HEIGHT - BOTTOM - up.position(value) * (HEIGHT - TOP - BOTTOM);
  }

  private static DoubleStream xs(List<Curve> curves) {
    return points(curves).mapToDouble(Curve.Point::x);
  }

  private static DoubleStream ys(List<Curve> curves) {
    return points(curves).mapToDouble(Curve.Point::y);
  }

  private static Stream<Curve.Point> points(List<Curve> curves) {
    return curves.stream().flatMap(curve -> curve.points().stream()).filter(p -> !p.isGap());
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
