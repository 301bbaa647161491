package dev.convoy.trainer.cli;

import dev.convoy.data.InvalidRequestException;
import dev.convoy.models.benchmark.Measurement;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What {@code bench} says.
 *
 * @param machine that the figures belong to
 * @param results one a figure
 */
record BenchFigures(String machine, List<Measurement> results) {

  /** A line each. */
  static String text(List<Measurement> figures) {
    return figures.stream()
        .map(
            f ->
                "%s: %s %s (%s to %s, %d runs)"
                    .formatted(
                        f.what(),
                        number(f.median()),
                        f.unit(),
                        number(f.min()),
                        number(f.max()),
                        f.runs()))
        .collect(Collectors.joining("\n"));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, Math.abs(value) >= 1 ? "%.2f" : "%.3g", value);
  }

  static void requireAtLeastOne(String option, int value) {
    if (value < 1) {
      throw new InvalidRequestException("%s is %d; at least 1 is needed".formatted(option, value));
    }
  }
}
