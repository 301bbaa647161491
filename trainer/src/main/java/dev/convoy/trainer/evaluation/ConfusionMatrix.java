package dev.convoy.trainer.evaluation;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * How often examples of one class were taken for another. Only what occurred is kept, since of
 * 20,000 classes a whole matrix takes 3.2 GB: at most one entry an example, 16 bytes each.
 */
public final class ConfusionMatrix {
  private final List<String> classes;

  /** Label times classes plus prediction, ascending; and how often. */
  private final long[] cells;

  private final long[] counts;
  private final long[] ofLabel;
  private final long[] ofPrediction;

  private ConfusionMatrix(List<String> classes, long[] cells, long[] counts) {
    this.classes = classes;
    this.cells = cells;
    this.counts = counts;
    this.ofLabel = new long[classes.size()];
    this.ofPrediction = new long[classes.size()];
    for (int i = 0; i < cells.length; i++) {
      ofLabel[label(i)] += counts[i];
      ofPrediction[prediction(i)] += counts[i];
    }
  }

  /**
   * Counts examples.
   *
   * @param classes names in the order of the labels
   * @param labels one an example
   * @param predictions the most probable class of each
   * @throws IllegalArgumentException if there are more of one than of the other, or an index of no
   *     class
   */
  public static ConfusionMatrix of(List<String> classes, int[] labels, int[] predictions) {
    if (labels.length != predictions.length) {
      throw new IllegalArgumentException(
          "%d labels for %d predictions".formatted(labels.length, predictions.length));
    }
    int size = classes.size();
    long[] examples = new long[labels.length];
    for (int i = 0; i < examples.length; i++) {
      if (labels[i] < 0 || labels[i] >= size || predictions[i] < 0 || predictions[i] >= size) {
        throw new IllegalArgumentException(
            "label %d and prediction %d of %d classes".formatted(labels[i], predictions[i], size));
      }
      examples[i] = (long) labels[i] * size + predictions[i];
    }
    Arrays.sort(examples);
    long[] cells = Arrays.stream(examples).distinct().toArray();
    long[] counts = new long[cells.length];
    int cell = 0;
    for (long example : examples) {
      cell += example == cells[cell] ? 0 : 1;
      counts[cell]++;
    }
    return new ConfusionMatrix(List.copyOf(classes), cells, counts);
  }

  /** Returns the matrix of a run that was not evaluated. */
  public static ConfusionMatrix none() {
    return of(List.of(), new int[0], new int[0]);
  }

  /** Two classes, the first often taken for the second. */
  public record Confusion(String trueClass, String predicted, long count, double shareOfTrue) {}

  /** Names in the order of the labels. */
  public List<String> classes() {
    return classes;
  }

  /** Examples of a class that were taken for another, or for what they are. */
  public long count(int trueClass, int predicted) {
    int at = Arrays.binarySearch(cells, (long) trueClass * classes.size() + predicted);
    return at < 0 ? 0 : counts[at];
  }

  /** Examples of a class. */
  public long examples(int trueClass) {
    return ofLabel[trueClass];
  }

  /** Returns the share of a class's examples that were recognised; NaN if it has none. */
  public double recall(int trueClass) {
    return share(count(trueClass, trueClass), ofLabel[trueClass]);
  }

  /** Returns the share of what was taken for a class that belongs to it; NaN if nothing was. */
  public double precision(int predicted) {
    return share(count(predicted, predicted), ofPrediction[predicted]);
  }

  /** Returns the off-diagonal entries with the highest counts, at most so many, none of them 0. */
  public List<Confusion> mostConfused(int limit) {
    List<Integer> missed = new ArrayList<>();
    for (int i = 0; i < cells.length; i++) {
      if (label(i) != prediction(i)) {
        missed.add(i);
      }
    }
    missed.sort(Comparator.comparing((Integer i) -> counts[i]).reversed());
    return missed.stream()
        .limit(limit)
        .map(
            i ->
                new Confusion(
                    classes.get(label(i)),
                    classes.get(prediction(i)),
                    counts[i],
                    share(counts[i], ofLabel[label(i)])))
        .toList();
  }

  /** What occurred, as [label, most probable class, examples], in the order of these. */
  @JsonValue
  public long[][] entries() {
    long[][] entries = new long[cells.length][];
    for (int i = 0; i < cells.length; i++) {
      entries[i] = new long[] {label(i), prediction(i), counts[i]};
    }
    return entries;
  }

  private int label(int entry) {
    return (int) (cells[entry] / classes.size());
  }

  private int prediction(int entry) {
    return (int) (cells[entry] % classes.size());
  }

  private static double share(long part, long whole) {
    return whole == 0 ? Double.NaN : (double) part / whole;
  }
}
