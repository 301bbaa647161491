package dev.convoy.models.training;

/**
 * Sums over a range in float64. Four running sums, element i in sum i mod 4 of the range, keep the
 * processor busy; their order is fixed, so the bits are.
 */
final class Sums {
  private Sums() {}

  static double of(float[] x, int begin, int end) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = begin;
    for (; i + 3 < end; i += 4) {
      a += x[i];
      b += x[i + 1];
      c += x[i + 2];
      d += x[i + 3];
    }
    for (; i < end; i++) {
      a += x[i];
    }
    return (a + b) + (c + d);
  }

  /** Sum of {@code (x - center)^2}. */
  static double ofSquares(float[] x, int begin, int end, double center) {
    return ofProducts(x, x, begin, end, center, center);
  }

  /** Sum of {@code e (x - center)}. */
  static double ofProducts(float[] e, float[] x, int begin, int end, double center) {
    return ofProducts(e, x, begin, end, 0, center);
  }

  private static double ofProducts(
      float[] x, float[] y, int begin, int end, double xCenter, double yCenter) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = begin;
    for (; i + 3 < end; i += 4) {
      a += (x[i] - xCenter) * (y[i] - yCenter);
      b += (x[i + 1] - xCenter) * (y[i + 1] - yCenter);
      c += (x[i + 2] - xCenter) * (y[i + 2] - yCenter);
      d += (x[i + 3] - xCenter) * (y[i + 3] - yCenter);
    }
    for (; i < end; i++) {
      a += (x[i] - xCenter) * (y[i] - yCenter);
    }
    return (a + b) + (c + d);
  }
}
