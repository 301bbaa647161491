package dev.convoy.models.training;

import java.util.Arrays;

/**
 * Class probabilities to train towards: label smoothing (Szegedy et al. 2015, arXiv:1512.00567,
 * section 7) gives the true class {@code 1 - eps + eps / K} and every other {@code eps / K}.
 */
final class SoftLabels {
  private final int classes;
  private final float others;
  private final float truth;

  SoftLabels(int classes, double smoothing) {
    if (!(smoothing >= 0 && smoothing < 1)) {
      throw new IllegalArgumentException(
          "label smoothing is " + smoothing + "; it has to be in [0, 1)");
    }
    this.classes = classes;
    this.others = (float) (smoothing / classes);
    this.truth = (float) (1 - smoothing + smoothing / classes);
  }

  /** Rows of {@code classes} probabilities, one for each label. */
  float[] of(int[] labels) {
    float[] rows = new float[labels.length * classes];
    Arrays.fill(rows, others);
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] < 0 || labels[i] >= classes) {
        throw new IllegalArgumentException(
            "label "
                + labels[i]
                + " is not one of the "
                + classes
                + " classes, 0 to "
                + (classes - 1));
      }
      rows[i * classes + labels[i]] = truth;
    }
    return rows;
  }
}
