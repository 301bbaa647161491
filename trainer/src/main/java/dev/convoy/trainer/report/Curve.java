package dev.convoy.trainer.report;

import java.util.ArrayList;
import java.util.List;

/**
 * One line of a chart.
 *
 * @param name in the legend
 * @param colour which of the style sheet's series colours, from 1
 * @param points in order of x; a y that is not finite leaves a gap
 */
record Curve(String name, int colour, List<Point> points) {

  record Point(double x, double y) {
    boolean isGap() {
      return !Double.isFinite(y);
    }
  }

  /** The most points of a curve that are each marked by a dot. */
  private static final int MARKED = 60;

  /** Whether the points are so few that each can be seen. */
  boolean isShort() {
    return points.size() <= MARKED;
  }

  /** Returns the points to mark by dots: all of a short curve, else those between two gaps. */
  List<Point> dots() {
    List<Point> dots = new ArrayList<>();
    for (int i = 0; i < points.size(); i++) {
      boolean alone = isGapAt(i - 1) && isGapAt(i + 1);
      if (!points.get(i).isGap() && (alone || isShort())) {
        dots.add(points.get(i));
      }
    }
    return dots;
  }

  private boolean isGapAt(int index) {
    return index < 0 || index >= points.size() || points.get(index).isGap();
  }

  /**
   * Returns the curve with at most about so many points: the points are cut into equal stretches,
   * and of each its lowest, its highest and a gap stay, so that no spike is lost.
   */
  Curve thinned(int limit) {
    if (points.size() <= limit) {
      return this;
    }
    int stretches = Math.max(1, limit / 2);
    List<Point> kept = new ArrayList<>();
    for (int i = 0; i < stretches; i++) {
      int from = (int) ((long) points.size() * i / stretches);
      int to = (int) ((long) points.size() * (i + 1) / stretches);
      keep(points.subList(from, to), kept);
    }
    return new Curve(name, colour, kept);
  }

  private static void keep(List<Point> stretch, List<Point> kept) {
    int lowest = -1;
    int highest = -1;
    int gap = -1;
    for (int i = 0; i < stretch.size(); i++) {
      double y = stretch.get(i).y();
      if (stretch.get(i).isGap()) {
        gap = i;
      } else {
        lowest = lowest < 0 || y < stretch.get(lowest).y() ? i : lowest;
        highest = highest < 0 || y > stretch.get(highest).y() ? i : highest;
      }
    }
    for (int i = 0; i < stretch.size(); i++) {
      if (i == lowest || i == highest || i == gap) {
        kept.add(stretch.get(i));
      }
    }
  }
}
