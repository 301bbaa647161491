package dev.convoy.models.export;

/** Logarithms of softmax, in float64. */
final class LogSoftmax {
  private LogSoftmax() {}

  /** Row by row. */
  static double[] rows(float[] logits, int classes) {
    double[] result = new double[logits.length];
    for (int from = 0; from < logits.length; from += classes) {
      double most = Double.NEGATIVE_INFINITY;
      for (int c = 0; c < classes; c++) {
        most = Math.max(most, logits[from + c]);
      }
      double sum = 0;
      for (int c = 0; c < classes; c++) {
        sum += Math.exp(logits[from + c] - most);
      }
      for (int c = 0; c < classes; c++) {
        result[from + c] = logits[from + c] - most - Math.log(sum);
      }
    }
    return result;
  }
}
