package dev.convoy.models.engine.dl4j;

import dev.convoy.models.engine.ir.External;
import dev.convoy.models.engine.ir.ForwardPass;
import dev.convoy.models.engine.ir.Op;
import dev.convoy.models.engine.ir.Shape;
import dev.convoy.models.engine.ir.Value;
import dev.convoy.models.layers.SmoothedCrossEntropy;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossNegativeLogLikelihood;

/**
 * The end of an output: softmax and cross-entropy. DL4J clips the probabilities in the score (not
 * in the gradient); the engine computes it from the logits and has nothing to clip.
 */
final class SoftmaxLoss {
  private SoftmaxLoss() {}

  static Reasons refuse(Reasons reasons, IActivation activation, ILossFunction loss) {
    reasons.refuse(
        activation.getClass() != ActivationSoftmax.class,
        "an output with activation " + activation + " is not supported, only softmax");
    Class<?> kind = loss.getClass();
    if (kind == SmoothedCrossEntropy.class) {
      return reasons;
    }
    if (kind != LossMCXENT.class && kind != LossNegativeLogLikelihood.class) {
      return reasons.refuse(
          true, "the loss " + kind.getSimpleName() + " is not supported, only cross-entropy");
    }
    return reasons;
  }

  /** Losses in training, probabilities in inference, nothing where statistics alone are wanted. */
  static Value write(ILossFunction loss, Value logits, VertexScope scope) {
    Shape shape = logits.shape();
    if (shape.rank() != 2) {
      throw new IllegalArgumentException("its input " + shape + " is not [batch, classes]");
    }
    int batch = shape.batch();
    int classes = shape.channels();
    if (scope.mode() == ForwardPass.Mode.STATISTICS) {
      return logits;
    }
    if (!scope.training()) {
      Value probabilities = scope.output(External.Buffer.PREDICTIONS, batch, classes);
      scope.add(new Op.Softmax(), List.of(logits), List.of(probabilities));
      return probabilities;
    }
    Value labels = scope.output(External.Buffer.LABELS, batch, classes);
    Value losses = scope.output(External.Buffer.LOSSES, batch);
    Value slope = scope.value("dlogits", batch, classes);
    scope.add(
        op(loss, scope.classWeights(classes)), List.of(logits, labels), List.of(losses, slope));
    return logits;
  }

  /**
   * Of DL4J's gradients only that of an unweighted {@link LossMCXENT} takes labels to add up to 1.
   *
   * @param classWeights those that the training asks for, which come on top of the loss' own
   */
  private static Op op(ILossFunction loss, List<Double> classWeights) {
    if (loss instanceof SmoothedCrossEntropy smoothed) {
      return new Op.SoftmaxCrossEntropy(
          smoothed.getSmoothing(), smoothed.getWeight(), classWeights, Op.Mass.OF_TARGETS);
    }
    INDArray weights = ((LossMCXENT) loss).getWeights();
    if (weights == null) {
      return new Op.SoftmaxCrossEntropy(
          0, 1, classWeights, classWeights.isEmpty() ? Op.Mass.ONE : Op.Mass.OF_TARGETS);
    }
    List<Double> own = new ArrayList<>();
    for (int k = 0; k < weights.length(); k++) {
      own.add(weights.getDouble(k) * (classWeights.isEmpty() ? 1 : classWeights.get(k)));
    }
    return new Op.SoftmaxCrossEntropy(0, 1, own, Op.Mass.OF_TARGETS);
  }
}
