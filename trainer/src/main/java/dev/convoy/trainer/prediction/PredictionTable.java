package dev.convoy.trainer.prediction;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * Predictions as CSV (RFC 4180), UTF-8: {@code path,class_1,probability_1,...,error}, the most
 * probable class first.
 */
final class PredictionTable {

  private PredictionTable() {}

  static byte[] csv(List<Prediction> predictions, int named) {
    int columns =
        Math.min(named, predictions.stream().mapToInt(p -> p.classes().size()).max().orElse(0));
    StringBuilder csv = new StringBuilder("path");
    for (int rank = 1; rank <= columns; rank++) {
      csv.append(",class_").append(rank).append(",probability_").append(rank);
    }
    csv.append(",error\r\n");
    for (Prediction prediction : predictions) {
      csv.append(quoted(prediction.path()));
      for (int rank = 0; rank < columns; rank++) {
        boolean there = rank < prediction.classes().size();
        csv.append(',').append(there ? quoted(prediction.classes().get(rank)) : "");
        csv.append(',')
            .append(
                there
                    ? String.format(Locale.ROOT, "%.6f", prediction.probabilities().get(rank))
                    : "");
      }
      csv.append(',').append(quoted(prediction.error())).append("\r\n");
    }
    return csv.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String quoted(String field) {
    return field.matches("(?s).*[\",\r\n].*") ? '"' + field.replace("\"", "\"\"") + '"' : field;
  }
}
