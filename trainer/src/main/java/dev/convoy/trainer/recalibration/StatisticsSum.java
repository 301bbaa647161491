package dev.convoy.trainer.recalibration;

import dev.convoy.models.training.BatchStatistics;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Means and variances of many batches together, in float64 by the law of total variance, as Chan,
 * Golub and LeVeque (1979) add it up: nothing is lost where means are large beside variances.
 *
 * @param chunk index of the first chunk in it
 * @param examples that went through the network
 * @param means one a channel
 * @param squares examples times variance, index for index beside {@code means}
 */
record StatisticsSum(int chunk, long examples, double[] means, double[] squares)
    implements Serializable {

  static StatisticsSum nothing(int chunk, int channels) {
    return new StatisticsSum(chunk, 0, new double[channels], new double[channels]);
  }

  /**
   * All together, in the order of their chunks.
   *
   * @param sums at least one
   */
  static StatisticsSum ofAll(Iterable<StatisticsSum> sums) {
    List<StatisticsSum> sorted = new ArrayList<>();
    sums.forEach(sorted::add);
    sorted.sort(Comparator.comparingInt(StatisticsSum::chunk));
    return sorted.stream().reduce(StatisticsSum::plus).orElseThrow();
  }

  static StatisticsSum of(int chunk, BatchStatistics batch) {
    int channels = batch.means().length;
    StatisticsSum sum =
        new StatisticsSum(chunk, batch.examples(), new double[channels], new double[channels]);
    for (int c = 0; c < channels; c++) {
      sum.means[c] = batch.means()[c];
      sum.squares[c] = (double) batch.examples() * batch.variances()[c];
    }
    return sum;
  }

  /** Both together, this one first. */
  StatisticsSum plus(StatisticsSum other) {
    if (examples == 0) {
      return new StatisticsSum(chunk, other.examples, other.means, other.squares);
    }
    long together = examples + other.examples;
    double share = (double) other.examples / together;
    double[] mean = new double[means.length];
    double[] square = new double[means.length];
    for (int c = 0; c < mean.length; c++) {
      double shift = other.means[c] - means[c];
      mean[c] = means[c] + share * shift;
      square[c] = squares[c] + other.squares[c] + examples * share * shift * shift;
    }
    return new StatisticsSum(chunk, together, mean, square);
  }

  float[] roundedMeans() {
    float[] rounded = new float[means.length];
    for (int c = 0; c < rounded.length; c++) {
      rounded[c] = (float) means[c];
    }
    return rounded;
  }

  float[] roundedVariances() {
    float[] rounded = new float[squares.length];
    for (int c = 0; c < rounded.length; c++) {
      rounded[c] = (float) (squares[c] / examples);
    }
    return rounded;
  }
}
