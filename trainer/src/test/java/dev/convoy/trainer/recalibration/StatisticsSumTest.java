package dev.convoy.trainer.recalibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.models.training.BatchStatistics;
import dev.convoy.trainer.Travel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Batches of unequal size put together against all numbers at once. */
final class StatisticsSumTest {

  private static final int VALUES = 3;

  @Test
  void isTheMeanAndVarianceOfAllExamples() {
    Random random = new Random(3);
    int[] sizes = {5, 1, 8, 3};
    StatisticsSum sum = StatisticsSum.nothing(0, 2);
    double[] total = new double[2];
    double[] squares = new double[2];
    int count = 0;
    for (int size : sizes) {
      float[] mean = new float[2];
      float[] variance = new float[2];
      for (int c = 0; c < 2; c++) {
        double[] values = random.doubles((long) size * VALUES).map(v -> 1000 + v).toArray();
        double batchSum = 0;
        for (double value : values) {
          batchSum += value;
        }
        mean[c] = (float) (batchSum / values.length);
        double around = 0;
        for (double value : values) {
          around += (value - mean[c]) * (value - mean[c]);
          total[c] += value;
          squares[c] += value * value;
        }
        variance[c] = (float) (around / values.length);
      }
      count += size * VALUES;
      sum = sum.plus(StatisticsSum.of(0, new BatchStatistics(size, mean, variance)));
    }
    assertThat(sum.examples()).isEqualTo(17);
    for (int c = 0; c < 2; c++) {
      double mean = total[c] / count;
      assertThat((double) sum.roundedMeans()[c]).isCloseTo(mean, within(1e-4));
      assertThat((double) sum.roundedVariances()[c])
          .isCloseTo(squares[c] / count - mean * mean, within(1e-3));
    }
  }

  @Test
  void chunksAreAddedInTheirOrderHoweverTheyCome() {
    List<StatisticsSum> sums = new ArrayList<>();
    Random random = new Random(5);
    for (int chunk = 0; chunk < 9; chunk++) {
      float[] mean = {random.nextFloat(), 1000 * random.nextFloat()};
      float[] variance = {random.nextFloat(), random.nextFloat()};
      sums.add(StatisticsSum.of(chunk, new BatchStatistics(1 + chunk, mean, variance)));
    }
    StatisticsSum inOrder = StatisticsSum.ofAll(sums);
    Collections.shuffle(sums, random);
    StatisticsSum shuffled = StatisticsSum.ofAll(sums);
    assertThat(inOrder.examples()).isEqualTo(45);
    assertThat(shuffled.means()).isEqualTo(inOrder.means());
    assertThat(shuffled.squares()).isEqualTo(inOrder.squares());
  }

  @Test
  void flippedBitIsNoticed() {
    StatisticsSum sum = new StatisticsSum(3, 7, new double[] {1, 2}, new double[] {0.5, 0});
    CheckedSum sent = CheckedSum.of(sum);
    assertThat(sent.checked()).isSameAs(sum);
    sum.squares()[1] = Double.MIN_VALUE;
    assertThatThrownBy(sent::checked)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("chunk 3");
  }

  @Test
  void travels() {
    StatisticsSum sum = new StatisticsSum(3, 7, new double[] {1, 2}, new double[] {0.5, 0});
    Travel.check(
        sum,
        StatisticsSum.class,
        there -> {
          assertThat(there.chunk()).isEqualTo(3);
          assertThat(there.examples()).isEqualTo(7);
          assertThat(there.means()).containsExactly(1, 2);
          assertThat(there.squares()).containsExactly(0.5, 0);
        });
    StatisticsChunk chunk = new StatisticsChunk(1, 2, 16, 32);
    Travel.check(chunk, StatisticsChunk.class, there -> assertThat(there).isEqualTo(chunk));
  }
}
