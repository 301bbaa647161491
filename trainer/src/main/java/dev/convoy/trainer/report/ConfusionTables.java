package dev.convoy.trainer.report;

import dev.convoy.trainer.evaluation.ConfusionMatrix;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A confusion matrix as the tables of the report, in the template's terms. */
final class ConfusionTables {
  private static final int MOST_CLASSES_IN_A_MATRIX = 30;
  private static final int MOST_PAIRS = 30;
  // Above this the cell's colour would drown its number.
  private static final double DEEPEST_COLOUR = 0.6;

  private final ConfusionMatrix confusion;
  private final int size;

  ConfusionTables(ConfusionMatrix confusion) {
    this.confusion = confusion;
    this.size = confusion.classes().size();
  }

  /** Returns the matrix with a row for each true class; nothing where it would be too large. */
  List<Map<String, Object>> matrix() {
    if (size == 0 || size > MOST_CLASSES_IN_A_MATRIX) {
      return List.of();
    }
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      List<Map<String, String>> cells = new ArrayList<>();
      for (int j = 0; j < size; j++) {
        cells.add(cell(i, j));
      }
      rows.add(Map.of("name", confusion.classes().get(i), "cells", cells));
    }
    return List.of(Map.of("columns", confusion.classes(), "rows", rows));
  }

  private Map<String, String> cell(int trueClass, int predicted) {
    long count = confusion.count(trueClass, predicted);
    double share = count == 0 ? 0 : (double) count / confusion.examples(trueClass);
    return Map.of(
        "kind", trueClass == predicted ? "hit" : "miss",
        // A square root lets rare confusions be seen beside the diagonal.
        "depth", String.format(Locale.ROOT, "%.3f", Math.sqrt(share) * DEEPEST_COLOUR),
        "count", count == 0 ? "" : Html.count(count));
  }

  /** Returns the most confused pairs where the matrix is too large to show. */
  List<Map<String, Object>> pairs() {
    if (size <= MOST_CLASSES_IN_A_MATRIX) {
      return List.of();
    }
    List<Map<String, String>> rows = new ArrayList<>();
    for (ConfusionMatrix.Confusion pair : confusion.mostConfused(MOST_PAIRS)) {
      rows.add(
          Map.of(
              "trueClass", pair.trueClass(),
              "predicted", pair.predicted(),
              "count", Html.count(pair.count()),
              "share", Html.percent(pair.shareOfTrue())));
    }
    return List.of(Map.of("rows", rows));
  }

  List<Map<String, String>> classes() {
    List<Map<String, String>> rows = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      rows.add(
          Map.of(
              "name", confusion.classes().get(i),
              "examples", Html.count(confusion.examples(i)),
              "recall", Html.percent(confusion.recall(i)),
              "precision", Html.percent(confusion.precision(i))));
    }
    return rows;
  }
}
