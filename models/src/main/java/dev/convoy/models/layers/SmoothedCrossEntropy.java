package dev.convoy.models.layers;

import java.util.Arrays;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.ops.transforms.Transforms;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Softmax cross-entropy with label smoothing (Szegedy et al. 2015, "Rethinking the Inception
 * Architecture for Computer Vision", arXiv:1512.00567, section 7): of an example with logits z and
 * labels y of K classes, {@code -weight * sum_k q_k log softmax(z)_k} with {@code q = (1 -
 * smoothing) y + smoothing / K}. It is computed from the logits by log-sum-exp and nothing is
 * clipped; its gradient is {@code weight * (softmax(z) sum_k q_k - q)}.
 *
 * <p>Logits and labels are {@code [batch, classes]}. The layer's activation has to be softmax;
 * label masks are not supported.
 */
public final class SmoothedCrossEntropy implements ILossFunction {
  private static final long serialVersionUID = 1L;

  private final double smoothing;
  private final double weight;

  /**
   * @param smoothing share of every label that is spread evenly over the classes, in [0, 1)
   * @param weight factor of score and gradient, as for an auxiliary classifier (GoogLeNet: 0.3);
   *     positive
   */
  public SmoothedCrossEntropy(
      @JsonProperty("smoothing") double smoothing, @JsonProperty("weight") double weight) {
    if (!(smoothing >= 0 && smoothing < 1)) {
      throw new IllegalArgumentException(
          "label smoothing is " + smoothing + "; it has to be at least 0 and less than 1");
    }
    if (!(weight > 0 && weight < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "the loss weight is " + weight + "; it has to be positive and finite");
    }
    this.smoothing = smoothing;
    this.weight = weight;
  }

  /** With weight 1. */
  public static SmoothedCrossEntropy of(double smoothing) {
    return new SmoothedCrossEntropy(smoothing, 1);
  }

  /** Share of every label that is spread evenly over the classes. */
  public double getSmoothing() {
    return smoothing;
  }

  /** Factor of score and gradient. */
  public double getWeight() {
    return weight;
  }

  @Override
  public double computeScore(
      INDArray labels, INDArray logits, IActivation activation, INDArray mask, boolean average) {
    double sum = scores(labels, logits, activation, mask).sumNumber().doubleValue();
    return average ? sum / logits.size(0) : sum;
  }

  @Override
  public INDArray computeScoreArray(
      INDArray labels, INDArray logits, IActivation activation, INDArray mask) {
    return scores(labels, logits, activation, mask);
  }

  @Override
  public INDArray computeGradient(
      INDArray labels, INDArray logits, IActivation activation, INDArray mask) {
    INDArray targets = targets(labels, logits, activation, mask);
    INDArray gradient = Transforms.softmax(logits, true);
    return gradient.muliColumnVector(targets.sum(true, 1)).subi(targets).muli(weight);
  }

  @Override
  public Pair<Double, INDArray> computeGradientAndScore(
      INDArray labels, INDArray logits, IActivation activation, INDArray mask, boolean average) {
    return new Pair<>(
        computeScore(labels, logits, activation, mask, average),
        computeGradient(labels, logits, activation, mask));
  }

  /** {@code [batch, 1]}. */
  private INDArray scores(INDArray labels, INDArray logits, IActivation activation, INDArray mask) {
    INDArray targets = targets(labels, logits, activation, mask);
    INDArray shifted = logits.subColumnVector(logits.max(true, 1));
    INDArray logSum = Transforms.log(Transforms.exp(shifted, true).sum(true, 1), false);
    return shifted.subiColumnVector(logSum).muli(targets).sum(true, 1).muli(-weight);
  }

  private INDArray targets(
      INDArray labels, INDArray logits, IActivation activation, INDArray mask) {
    if (!(activation instanceof ActivationSoftmax)) {
      throw new UnsupportedOperationException(
          "the smoothed cross-entropy needs a layer with softmax, not " + activation);
    }
    if (mask != null) {
      throw new UnsupportedOperationException(
          "the smoothed cross-entropy supports no label mask; leave out what does not count");
    }
    if (!labels.equalShapes(logits)) {
      throw new IllegalArgumentException(
          String.format(
              "labels of shape %s do not fit logits of shape %s",
              Arrays.toString(labels.shape()), Arrays.toString(logits.shape())));
    }
    return labels.castTo(logits.dataType()).mul(1 - smoothing).addi(smoothing / logits.size(1));
  }

  @Override
  public String name() {
    return toString();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SmoothedCrossEntropy that
        && Double.compare(smoothing, that.smoothing) == 0
        && Double.compare(weight, that.weight) == 0;
  }

  @Override
  public int hashCode() {
    return 31 * Double.hashCode(smoothing) + Double.hashCode(weight);
  }

  @Override
  public String toString() {
    return "SmoothedCrossEntropy(smoothing=" + smoothing + ", weight=" + weight + ")";
  }
}
