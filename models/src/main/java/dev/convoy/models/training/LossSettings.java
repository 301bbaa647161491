package dev.convoy.models.training;

import java.io.Serializable;
import java.util.List;

/**
 * Cross-entropy over the softmax of the classes, as PyTorch's {@code CrossEntropyLoss(weight,
 * label_smoothing=...)} with {@code reduction="mean"}: of examples n with labels y_n, smoothed
 * labels q_n and class weights v,
 *
 * <pre>
 * loss = (sum_n sum_k v_k q_nk -log softmax(z_n)_k) / (sum_n v_(y_n))
 * </pre>
 *
 * @param labelSmoothing eps in [0, 1): {@code q = (1 - eps) y + eps / K} (Szegedy et al. 2015,
 *     arXiv:1512.00567, section 7)
 * @param classWeights v, one a class, each above 0; none where all are 1
 */
public record LossSettings(double labelSmoothing, List<Double> classWeights)
    implements Serializable {

  public LossSettings {
    if (!(labelSmoothing >= 0 && labelSmoothing < 1)) {
      throw new IllegalArgumentException(
          "label smoothing is " + labelSmoothing + "; it has to be in [0, 1)");
    }
    for (double weight : classWeights) {
      if (!(weight > 0 && weight < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "a class weighs " + weight + "; weights have to be above 0");
      }
    }
    classWeights = List.copyOf(classWeights);
  }

  /** All classes weigh 1. */
  public static LossSettings smoothed(double labelSmoothing) {
    return new LossSettings(labelSmoothing, List.of());
  }

  /** What the sum of a batch's losses is divided by: its examples, each with its class' weight. */
  double weight(int[] classes) {
    if (classWeights.isEmpty()) {
      return classes.length;
    }
    double sum = 0;
    for (int label : classes) {
      sum += classWeights.get(label);
    }
    return sum;
  }
}
