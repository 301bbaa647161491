package dev.convoy.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class SeededNoiseTest {
  private static final double[] RECORDED = {
    -0x1.1b6c07596cf8fp-2, -0x1.b1804ef4fd49ep-6, 0x1.d31591a1d8815p-5
  };

  @Test
  void isNormalWithItsDeviation() {
    int n = 200_000;
    double deviation = Math.sqrt(2.0 / 50);
    double[] values = SeededNoise.normal(1, "conv1.weight", 0, n, deviation);
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

  @Test
  void isUniformInItsBound() {
    int n = 200_000;
    double[] values = SeededNoise.uniform(1, "fc.weight", 0, n, 0.25);
    assertThat(Arrays.stream(values).allMatch(v -> v >= -0.25 && v < 0.25)).isTrue();
    double mean = Arrays.stream(values).average().orElseThrow();
    double variance = Arrays.stream(values).map(v -> v * v).average().orElseThrow();
    double fourth = Arrays.stream(values).map(v -> v * v * v * v).average().orElseThrow();
    // Each within about five standard errors.
    assertThat(mean).isCloseTo(0, Offset.offset(0.0017));
    assertThat(3 * variance / (0.25 * 0.25)).isCloseTo(1, Offset.offset(0.01));
    assertThat(5 * fourth / Math.pow(0.25, 4)).isCloseTo(1, Offset.offset(0.015));
  }

  /** Every machine has to get these bits; a change breaks the repeatability of old runs. */
  @Test
  void hasTheRecordedBits() {
    double deviation = Math.sqrt(2.0 / 64);
    assertThat(SeededNoise.normal(7, "fc.weight", 0, 3, deviation)).containsExactly(RECORDED);
  }

  @Test
  void streamsOfSeedsAndNamesDiffer() {
    double[] one = SeededNoise.normal(1, "a", 0, 4, 1);
    assertThat(SeededNoise.normal(2, "a", 0, 4, 1)).isNotEqualTo(one);
    assertThat(SeededNoise.normal(1, "b", 0, 4, 1)).isNotEqualTo(one);
    assertThat(SeededNoise.normal(1, "a", 0, 3, 1)).isEqualTo(Arrays.copyOf(one, 3));
    assertThat(SeededNoise.normal(1, "a", 2, 2, 1)).isEqualTo(Arrays.copyOfRange(one, 2, 4));
    double[] even = SeededNoise.uniform(1, "a", 0, 4, 1);
    assertThat(SeededNoise.uniform(1, "a", 2, 2, 1)).isEqualTo(Arrays.copyOfRange(even, 2, 4));
    assertThatThrownBy(() -> SeededNoise.uniform(1, "a", 1, 2, 1)).hasMessageContaining("even");
  }
}
