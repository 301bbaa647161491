package dev.convoy.models.engine.dl4j;

import dev.convoy.models.engine.ir.Activation;
import dev.convoy.models.engine.ir.Activation.Function;
import java.util.Map;
import java.util.Optional;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationELU;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU6;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftPlus;
import org.nd4j.linalg.activations.impl.ActivationSwish;
import org.nd4j.linalg.activations.impl.ActivationTanH;

/** DL4J's activation functions as the engine's. */
final class Activations {
  private static final Map<Class<? extends IActivation>, Activation> CONSTANT =
      Map.of(
          ActivationIdentity.class, Activation.IDENTITY,
          ActivationReLU6.class, new Activation(Function.CLIPPED_RELU, 6),
          ActivationTanH.class, Activation.of(Function.TANH),
          ActivationSigmoid.class, Activation.of(Function.SIGMOID),
          ActivationSoftPlus.class, Activation.of(Function.SOFTPLUS),
          ActivationSwish.class, Activation.of(Function.SWISH));

  private Activations() {}

  /** The engine's function; empty if it has none that is the same. */
  static Optional<Activation> of(IActivation activation) {
    Activation constant = CONSTANT.get(activation.getClass());
    if (constant != null) {
      return Optional.of(constant);
    }
    if (activation.getClass() == ActivationReLU.class) {
      return relu((ActivationReLU) activation);
    }
    if (activation.getClass() == ActivationLReLU.class) {
      double slope = ((ActivationLReLU) activation).getAlpha();
      return Optional.of(new Activation(Function.LEAKY_RELU, slope));
    }
    if (activation.getClass() == ActivationELU.class) {
      return Optional.of(new Activation(Function.ELU, ((ActivationELU) activation).getAlpha()));
    }
    return Optional.empty();
  }

  private static Optional<Activation> relu(ActivationReLU relu) {
    boolean threshold = relu.getThreshold() != null && relu.getThreshold() != 0;
    boolean slope = relu.getNegativeSlope() != null && relu.getNegativeSlope() != 0;
    boolean bounded = relu.getMax() != null;
    if (threshold || (slope && bounded)) {
      return Optional.empty();
    }
    if (slope) {
      return Optional.of(new Activation(Function.LEAKY_RELU, relu.getNegativeSlope()));
    }
    return Optional.of(
        bounded ? new Activation(Function.CLIPPED_RELU, relu.getMax()) : Activation.RELU);
  }
}
