package dev.convoy.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class HeNormalTest {
  private static final double[] RECORDED = {
    -0x1.1b6c07596cf8fp-2, -0x1.b1804ef4fd49ep-6, 0x1.d31591a1d8815p-5
  };

  @Test
  void isNormalWithTheDeviationOfThePaper() {
    int n = 200_000;
    double[] values = HeNormal.values(1, "conv1.weight", 0, n, 50);
    double deviation = Math.sqrt(2.0 / 50);
    double mean = Arrays.stream(values).average().orElseThrow();
    double variance = Arrays.stream(values).map(v -> v * v).average().orElseThrow();
    double fourth = Arrays.stream(values).map(v -> Math.pow(v / deviation, 4)).average().orElse(0);
    long within = Arrays.stream(values).filter(v -> Math.abs(v) < deviation).count();
    // Each within about five standard errors.
    assertThat(mean).isCloseTo(0, Offset.offset(5 * deviation / Math.sqrt(n)));
    assertThat(variance / (deviation * deviation)).isCloseTo(1, Offset.offset(0.016));
    assertThat(fourth).isCloseTo(3, Offset.offset(0.12));
    assertThat(within / (double) n).isCloseTo(0.6827, Offset.offset(0.006));
  }

  /** Every machine has to get these bits; a change breaks the repeatability of old runs. */
  @Test
  void hasTheRecordedBits() {
    assertThat(HeNormal.values(7, "fc.weight", 0, 3, 64)).containsExactly(RECORDED);
  }

  @Test
  void streamsOfSeedsAndNamesDiffer() {
    double[] one = HeNormal.values(1, "a", 0, 4, 2);
    assertThat(HeNormal.values(2, "a", 0, 4, 2)).isNotEqualTo(one);
    assertThat(HeNormal.values(1, "b", 0, 4, 2)).isNotEqualTo(one);
    assertThat(HeNormal.values(1, "a", 0, 3, 2)).isEqualTo(Arrays.copyOf(one, 3));
    assertThat(HeNormal.values(1, "a", 2, 2, 2)).isEqualTo(Arrays.copyOfRange(one, 2, 4));
  }
}
