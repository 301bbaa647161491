package dev.convoy.models.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;

/** Compares with a reference, relative to its largest magnitude. */
final class Close {
  static final double FLOAT32 = 1e-4;

  /** Some roundings of 8 bits each. */
  static final double BFLOAT16 = 3e-2;

  private Close() {}

  static void check(String what, float[] actual, double[] expected, double tolerance) {
    assertThat(actual).as(what).hasSameSizeAs(expected);
    double magnitude = 1e-3;
    for (double value : expected) {
      magnitude = Math.max(magnitude, Math.abs(value));
    }
    for (int i = 0; i < expected.length; i++) {
      double off = Math.abs(actual[i] - expected[i]);
      if (!(off <= tolerance * magnitude)) {
        throw new AssertionError(
            "%s: element %d of %d is %s, expected %s (largest %s)"
                .formatted(what, i, expected.length, actual[i], expected[i], magnitude));
      }
    }
  }
}
