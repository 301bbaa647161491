package dev.convoy.models.benchmark;

/**
 * One figure of a benchmark.
 *
 * @param what was measured
 * @param runs how many times
 */
public record Measurement(
    String what, String unit, double median, double min, double max, int runs) {

  static Measurement once(String what, String unit, double value) {
    return new Measurement(what, unit, value, value, value, 1);
  }
}
