package dev.convoy.trainer.benchmark;

import dev.convoy.models.benchmark.Measurement;
import java.util.Arrays;
import java.util.Collection;

/** Several measured values as one figure. */
final class Summary {

  private Summary() {}

  static Measurement of(String what, String unit, Collection<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return new Measurement(
        what, unit, median(sorted), sorted[0], sorted[sorted.length - 1], sorted.length);
  }

  /** Of at least one value; of an even number, the mean of the two in the middle. */
  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
