package dev.convoy.trainer.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** How often examples of one class were taken for another. */
public final class ConfusionMatrix {
  private final List<String> classes;
  private final long[][] counts;

  /**
   * @param classes names in the order of the labels
   * @param counts {@code [true class][predicted class]}, copied
   * @throws IllegalArgumentException if it is not square, of another size than the classes, or
   *     holds a negative count
   */
  public ConfusionMatrix(List<String> classes, long[][] counts) {
    this.classes = List.copyOf(classes);
    this.counts = Arrays.stream(counts).map(long[]::clone).toArray(long[][]::new);
    boolean square = this.counts.length == classes.size();
    for (long[] row : this.counts) {
      square &= row.length == classes.size() && Arrays.stream(row).allMatch(count -> count >= 0);
    }
    if (!square) {
      throw new IllegalArgumentException(
          "a confusion matrix of "
              + counts.length
              + " rows for "
              + classes.size()
              + " classes; it must have a row and a column for each, of counts of at least 0");
    }
  }

  /** Returns the matrix of a run that was not evaluated. */
  public static ConfusionMatrix none() {
    return new ConfusionMatrix(List.of(), new long[0][]);
  }

  /** Two classes, the first often taken for the second. */
  record Confusion(String trueClass, String predicted, long count, double shareOfTrue) {}

  List<String> classes() {
    return classes;
  }

  long count(int trueClass, int predicted) {
    return counts[trueClass][predicted];
  }

  long examples(int trueClass) {
    return Arrays.stream(counts[trueClass]).sum();
  }

  /** Returns the share of a class's examples that were recognised; NaN if it has none. */
  double recall(int trueClass) {
    return share(counts[trueClass][trueClass], examples(trueClass));
  }

  /** Returns the share of what was taken for a class that belongs to it; NaN if nothing was. */
  double precision(int predicted) {
    return share(
        counts[predicted][predicted], Arrays.stream(counts).mapToLong(row -> row[predicted]).sum());
  }

  /** Returns the off-diagonal entries with the highest counts, at most so many, none of them 0. */
  List<Confusion> mostConfused(int limit) {
    List<Confusion> pairs = new ArrayList<>();
    for (int i = 0; i < counts.length; i++) {
      for (int j = 0; j < counts.length; j++) {
        if (i != j && counts[i][j] > 0) {
          pairs.add(
              new Confusion(
                  classes.get(i), classes.get(j), counts[i][j], share(counts[i][j], examples(i))));
        }
      }
    }
    pairs.sort(Comparator.comparingLong(Confusion::count).reversed());
    return pairs.subList(0, Math.min(limit, pairs.size()));
  }

  private static double share(long part, long whole) {
    return whole == 0 ? Double.NaN : (double) part / whole;
  }
}
