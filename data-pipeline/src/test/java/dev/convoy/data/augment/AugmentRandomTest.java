package dev.convoy.data.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The numbers here are part of every result ever published: they must not change. */
class AugmentRandomTest {
  @Test
  void goldenNumbers() {
    AugmentRandom random = AugmentRandom.of(1, 0, "cats/001.png", 0);
    assertThat(new long[] {random.nextLong(), random.nextLong(), random.nextLong()})
        .containsExactly(-7994061568582823281L, -1255536736694194623L, -1959323721995204114L);
    AugmentRandom other = AugmentRandom.of(-7, 89, "Füße/Ω.jpg", 3);
    assertThat(other.nextLong()).isEqualTo(2381087417752846492L);
    assertThat(other.nextDouble()).isEqualTo(0.613238253095279);
    assertThat(new int[] {other.nextInt(9), other.nextInt(9), other.nextInt(1_000_000_000)})
        .containsExactly(7, 7, 407210423);
  }

  @Test
  void goldenNormalNumbers() {
    AugmentRandom random = AugmentRandom.of(1, 0, "cats/001.png", 0);
    assertThat(new double[] {random.nextGaussian(), random.nextGaussian()})
        .containsExactly(1.176741642392615, -1.4155933028523138);
  }

  @Test
  void everyPartOfTheKeyMatters() {
    Set<Long> first = new HashSet<>();
    for (long seed = 0; seed < 5; seed++) {
      for (int epoch = 0; epoch < 5; epoch++) {
        for (int id = 0; id < 5; id++) {
          for (int position = 0; position < 5; position++) {
            first.add(AugmentRandom.of(seed, epoch, "id" + id, position).nextLong());
          }
        }
      }
    }
    assertThat(first).hasSize(625);
  }

  @Test
  void boundedNumbersAreUniform() {
    int[] counts = new int[9];
    int draws = 90_000;
    for (int i = 0; i < draws; i++) {
      // The first number of many streams, as augmentations draw them.
      counts[AugmentRandom.of(3, i % 7, "example-" + i, 1).nextInt(9)]++;
    }
    double chiSquare = 0;
    for (int count : counts) {
      chiSquare += Math.pow(count - draws / 9.0, 2) / (draws / 9.0);
    }
    assertThat(chiSquare).as("8 degrees of freedom, 99.9%% quantile").isLessThan(26.1);
  }

  @Test
  void largeBoundsAreNotBiased() {
    // With a plain remainder, numbers below 2^31 - bound would be twice as likely.
    int bound = 1_500_000_000;
    AugmentRandom random = AugmentRandom.of(1, 1, "a", 0);
    int low = 0;
    for (int i = 0; i < 20_000; i++) {
      int value = random.nextInt(bound);
      assertThat(value).isBetween(0, bound - 1);
      low += value < bound / 2 ? 1 : 0;
    }
    assertThat(low).isBetween(9_700, 10_300);
  }

  @Test
  void boundsBelowOneAreRefused() {
    assertThatThrownBy(() -> AugmentRandom.of(1, 1, "a", 0).nextInt(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a bound is at least 1, not 0");
  }
}
