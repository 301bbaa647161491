package dev.convoy.models.engine.backend;

import java.io.Serializable;

/** How the gradient of the mean loss is bounded, before weight decay and momentum. */
public sealed interface Clipping extends Serializable {

  /** Not at all. */
  Clipping NONE = new None();

  /** The gradient as it is. */
  record None() implements Clipping {}

  /**
   * By the L2 norm over all trained parameters together (Pascanu et al. 2013, arXiv:1211.5063,
   * section 3.2), as PyTorch's {@code clip_grad_norm_}: {@code g * min(1, limit / (norm + 1e-6))}.
   * The norm is summed in float64, in an order that depends on the parameters alone.
   *
   * @param limit above 0
   */
  record Norm(double limit) implements Clipping {
    public Norm {
      requirePositive(limit);
    }
  }

  /**
   * Each element by itself, as PyTorch's {@code clip_grad_value_}: {@code max(-limit, min(limit,
   * g))}.
   *
   * @param limit above 0
   */
  record Value(double limit) implements Clipping {
    public Value {
      requirePositive(limit);
    }
  }

  private static void requirePositive(double limit) {
    if (!(limit > 0 && limit < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "gradients are clipped at " + limit + "; it has to be above 0");
    }
  }
}
