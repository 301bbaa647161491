package dev.convoy.models.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import org.assertj.core.data.Offset;

/** Compares a tensor with its recorded norm, sum and first elements. */
public final class GoldenTensor {
  private static final double NOTHING = 1e-12;

  private GoldenTensor() {}

  /** Every figure has to agree to {@code tolerance} of the tensor's scale. */
  public static void assertClose(
      String what, JsonNode expected, double[] values, double tolerance) {
    double norm = Math.sqrt(Arrays.stream(values).map(v -> v * v).sum());
    double reference = expected.get("l2").doubleValue();
    if (reference < NOTHING) { // the bias before a batch norm has no gradient but rounding's
      assertThat(norm).as(what + " l2").isLessThan(tolerance);
      return;
    }
    assertThat(norm).as(what + " l2").isCloseTo(reference, Offset.offset(tolerance * reference));
    // A sum of n elements may cancel; its error scales with sqrt(n) times the norm.
    double sumTolerance = tolerance * (reference * Math.sqrt(values.length) + 1e-300);
    assertThat(Arrays.stream(values).sum())
        .as(what + " sum")
        .isCloseTo(expected.get("sum").doubleValue(), Offset.offset(sumTolerance));
    for (int i = 0; i < expected.get("first").size(); i++) {
      assertThat(values[i])
          .as(what + " element " + i)
          .isCloseTo(
              expected.get("first").get(i).doubleValue(),
              Offset.offset(tolerance * (reference + 1e-300)));
    }
  }

  public static double[] slice(double[] flat, int offset, int length) {
    return Arrays.copyOfRange(flat, offset, offset + length);
  }

  public static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }
}
