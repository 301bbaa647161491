package dev.convoy.models.engine.dl4j;

import dev.convoy.models.layers.SmoothedCrossEntropy;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.ops.transforms.Transforms;

/** An output's loss by its own loss function, from probabilities. */
final class OutputScore {
  private OutputScore() {}

  /**
   * Whether the loss is a function of these probabilities: DL4J's clip them, of ours those below
   * {@link Float#MIN_NORMAL} have lost their logarithm.
   */
  static boolean isOf(Layer output, INDArray probabilities) {
    return !(loss(output) instanceof SmoothedCrossEntropy)
        || probabilities.minNumber().doubleValue() >= Float.MIN_NORMAL;
  }

  /** The sum over the batch. The logarithms of probabilities are logits of the same softmax. */
  static double of(Layer output, INDArray labels, INDArray probabilities) {
    INDArray logits = Transforms.log(Transforms.max(probabilities, Float.MIN_NORMAL, true), false);
    return loss(output).computeScore(labels, logits, new ActivationSoftmax(), null, false);
  }

  private static ILossFunction loss(Layer output) {
    var configuration = output.conf().getLayer();
    return configuration instanceof LossLayer loss
        ? loss.getLossFn()
        : ((OutputLayer) configuration).getLossFn();
  }
}
