package dev.convoy.trainer.evaluation;

import java.util.List;

/**
 * What a network does on a split, every example counted once.
 *
 * @param examples evaluated
 * @param top1 share whose most probable class is the label
 * @param top5 share whose label is among the five most probable classes
 * @param loss mean cross-entropy, natural logarithm, without label smoothing
 * @param classes names, by index
 * @param confusion examples by [label][most probable class]
 */
public record Evaluation(
    long examples,
    double top1,
    double top5,
    double loss,
    List<String> classes,
    long[][] confusion) {

  /** A class's share of its examples that were found (recall); NaN if it has none. */
  public double recall(int label) {
    long row = 0;
    for (long count : confusion[label]) {
      row += count;
    }
    return (double) confusion[label][label] / row;
  }

  /** The share of what was taken for a class that is of it (precision); NaN if there is none. */
  public double precision(int predicted) {
    long column = 0;
    for (long[] row : confusion) {
      column += row[predicted];
    }
    return (double) confusion[predicted][predicted] / column;
  }

  /** Examples of a class. */
  public long examplesOf(int label) {
    long row = 0;
    for (long count : confusion[label]) {
      row += count;
    }
    return row;
  }
}
