package dev.convoy.models.engine.dl4j;

import dev.convoy.models.engine.ir.External;
import dev.convoy.models.engine.ir.Op;
import dev.convoy.models.engine.ir.Shape;
import dev.convoy.models.engine.ir.Value;
import dev.convoy.models.layers.SmoothedCrossEntropy;
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
    INDArray weights = weights(loss);
    return reasons.refuse(
        weights != null && weights.minNumber().doubleValue() != weights.maxNumber().doubleValue(),
        "its loss weighs classes differently");
  }

  /** Losses in training, probabilities in inference. */
  static Value write(ILossFunction loss, Value logits, VertexScope scope) {
    Shape shape = logits.shape();
    if (shape.rank() != 2) {
      throw new IllegalArgumentException("its input " + shape + " is not [batch, classes]");
    }
    int batch = shape.batch();
    int classes = shape.channels();
    if (!scope.training()) {
      Value probabilities = scope.output(External.Buffer.PREDICTIONS, batch, classes);
      scope.add(new Op.Softmax(), List.of(logits), List.of(probabilities));
      return probabilities;
    }
    Value labels = scope.output(External.Buffer.LABELS, batch, classes);
    Value losses = scope.output(External.Buffer.LOSSES, batch);
    Value slope = scope.value("dlogits", batch, classes);
    scope.add(op(loss), List.of(logits, labels), List.of(losses, slope));
    return logits;
  }

  private static Op op(ILossFunction loss) {
    if (loss instanceof SmoothedCrossEntropy smoothed) {
      return new Op.SoftmaxCrossEntropy(smoothed.getSmoothing(), smoothed.getWeight());
    }
    INDArray weights = weights(loss);
    return new Op.SoftmaxCrossEntropy(0, weights == null ? 1 : weights.getDouble(0));
  }

  private static INDArray weights(ILossFunction loss) {
    return ((LossMCXENT) loss).getWeights();
  }
}
