package dev.convoy.models.engine.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import org.nd4j.linalg.api.ndarray.INDArray;

/** Compares arrays element by element, large ones relatively. */
final class Closeness {
  static final double TOLERANCE = 1e-4;

  private Closeness() {}

  static void assertClose(INDArray actual, INDArray expected, String what) {
    assertClose(actual.dup('c').data().asDouble(), expected.dup('c').data().asDouble(), what);
  }

  /** ND4J's equals takes two arrays for equal that differ by 1e-5. */
  static void assertSameBits(INDArray actual, INDArray expected) {
    assertThat(actual.dup('c').data().asFloat()).isEqualTo(expected.dup('c').data().asFloat());
  }

  static void assertClose(double[] actual, double[] expected, String what) {
    assertThat(actual).as(what).hasSameSizeAs(expected);
    int worst = 0;
    double largest = -1;
    for (int i = 0; i < actual.length; i++) {
      double difference = Math.abs(actual[i] - expected[i]) / Math.max(1, Math.abs(expected[i]));
      if (!(difference <= largest)) {
        largest = difference;
        worst = i;
      }
    }
    assertThat(largest)
        .as("%s, element %d: %s, expected %s", what, worst, actual[worst], expected[worst])
        .isLessThan(TOLERANCE);
  }
}
