package dev.convoy.trainer.averaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Averages weighted by examples, and statistics of joined samples. */
final class WeightedMergeTest {

  @Test
  void oneWorkerIsTheIdentityToTheBit() {
    float[] odd = {
      0f, -0f, 1f, -1f, 0.1f, Float.MIN_VALUE, -Float.MIN_VALUE, Float.MAX_VALUE, 1.1754942e-38f
    };
    float[] merged = WeightedMerge.mean(List.of(odd), WeightedMerge.shares(new int[] {17}));
    assertThat(bits(merged)).isEqualTo(bits(odd));
    assertThat(bits(WeightedMerge.mean(List.of(odd.clone(), odd), new double[] {0, 1})))
        .as("the only worker with examples")
        .isEqualTo(bits(odd));
    float[] variances = {0f, 0.1f, Float.MIN_VALUE, Float.MAX_VALUE};
    float[] means = {3f, -0.7f, 1e30f, -0f};
    assertThat(bits(WeightedMerge.variance(List.of(means), List.of(variances), new double[] {1})))
        .isEqualTo(bits(variances));
  }

  @Property(tries = 200)
  void meanIsThatOfThePlainFormula(
      @ForAll @Size(min = 1, max = 6) List<@IntRange(max = 5000) Integer> examples,
      @ForAll long seed) {
    int total = examples.stream().mapToInt(n -> n).sum();
    if (total == 0) {
      return;
    }
    List<float[]> vectors = normals(examples.size(), 9, seed);
    float[] merged = WeightedMerge.mean(vectors, WeightedMerge.shares(ints(examples)));
    for (int i = 0; i < merged.length; i++) {
      double expected = 0;
      for (int k = 0; k < vectors.size(); k++) {
        expected += (double) examples.get(k) * vectors.get(k)[i];
      }
      assertThat((double) merged[i]).isCloseTo(expected / total, within(1e-6));
    }
  }

  @Test
  void workersWithoutExamplesHaveNoSay() {
    double[] shares = WeightedMerge.shares(new int[] {3, 0, 1});
    assertThat(shares).containsExactly(0.75, 0, 0.25);
    float[] nan = {Float.NaN};
    assertThat(WeightedMerge.mean(List.of(new float[] {4}, nan, new float[] {8}), shares))
        .containsExactly(5f);
    assertThat(
            WeightedMerge.variance(
                List.of(new float[] {4}, nan, new float[] {8}),
                List.of(new float[] {1}, nan, new float[] {1}),
                shares))
        .as("0.75 (1 + 1) + 0.25 (1 + 9)")
        .containsExactly(4f);
  }

  @Test
  void nothingToAverageIsAnError() {
    assertThatThrownBy(() -> WeightedMerge.shares(new int[] {0, 0}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no worker used an example");
  }

  @Test
  void sharesOfHugeRoundsDoNotOverflow() {
    int[] most = new int[4];
    Arrays.fill(most, Integer.MAX_VALUE);
    assertThat(WeightedMerge.shares(most)).containsOnly(0.25);
  }

  @Property(tries = 200)
  void statisticsAreThoseOfTheJoinedSamples(
      @ForAll @Size(min = 1, max = 5) List<@IntRange(min = 1, max = 40) Integer> sizes,
      @ForAll long seed) {
    Random random = new Random(seed);
    List<double[]> samples = new ArrayList<>();
    List<float[]> means = new ArrayList<>();
    List<float[]> variances = new ArrayList<>();
    for (int size : sizes) {
      double shift = 3 * random.nextGaussian();
      double[] sample = random.doubles(size).map(x -> shift + 2 * x).toArray();
      samples.add(sample);
      means.add(new float[] {(float) mean(sample)});
      variances.add(new float[] {(float) variance(sample)});
    }
    double[] joined = samples.stream().flatMapToDouble(DoubleStream::of).toArray();
    double[] shares = WeightedMerge.shares(ints(sizes));
    assertThat((double) WeightedMerge.mean(means, shares)[0]).isCloseTo(mean(joined), within(1e-5));
    assertThat((double) WeightedMerge.variance(means, variances, shares)[0])
        .isCloseTo(variance(joined), within(1e-4));
  }

  @Test
  void sumsAreRoundedOnce() {
    // In float32 the two small terms would each vanish beside 1.
    float tiny = (float) Math.scalb(1.0, -24);
    float[] merged =
        WeightedMerge.mean(
            List.of(new float[] {1f}, new float[] {tiny}, new float[] {tiny}),
            new double[] {1, 1, 1});
    assertThat(merged[0]).isEqualTo(Math.nextUp(1f));
  }

  private static double mean(double[] sample) {
    return DoubleStream.of(sample).average().orElseThrow();
  }

  private static double variance(double[] sample) {
    double mean = mean(sample);
    return DoubleStream.of(sample).map(x -> (x - mean) * (x - mean)).average().orElseThrow();
  }

  private static List<float[]> normals(int workers, int length, long seed) {
    Random random = new Random(seed);
    List<float[]> vectors = new ArrayList<>();
    for (int k = 0; k < workers; k++) {
      float[] vector = new float[length];
      for (int i = 0; i < length; i++) {
        vector[i] = (float) random.nextGaussian();
      }
      vectors.add(vector);
    }
    return vectors;
  }

  private static int[] ints(List<Integer> values) {
    return values.stream().mapToInt(n -> n).toArray();
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return bits;
  }
}
