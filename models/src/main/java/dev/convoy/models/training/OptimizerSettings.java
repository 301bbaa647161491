package dev.convoy.models.training;

import dev.convoy.models.engine.backend.Clipping;
import dev.convoy.models.state.ParameterKind;
import java.io.Serializable;
import java.util.Set;

/**
 * Momentum SGD's constants.
 *
 * @param momentum beta, in [0, 1)
 * @param weightDecay wd, at least 0; added to the gradient as {@code wd * w}
 * @param withoutDecay kinds of parameters that do not decay
 * @param clipping of the mean loss' gradient, before decay and momentum
 */
public record OptimizerSettings(
    double momentum, double weightDecay, Set<ParameterKind> withoutDecay, Clipping clipping)
    implements Serializable {

  public OptimizerSettings {
    if (!(momentum >= 0 && momentum < 1)) {
      throw new IllegalArgumentException("momentum is " + momentum + "; it has to be in [0, 1)");
    }
    if (!(weightDecay >= 0 && weightDecay < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "weight decay is " + weightDecay + "; it has to be 0 or more");
    }
    withoutDecay = Set.copyOf(withoutDecay);
  }

  /** Without clipping. */
  public OptimizerSettings(double momentum, double weightDecay, Set<ParameterKind> withoutDecay) {
    this(momentum, weightDecay, withoutDecay, Clipping.NONE);
  }
}
