package dev.convoy.trainer.config;

import dev.convoy.models.engine.backend.Clipping;

/** How a step's gradient is bounded. */
@DefaultKind(value = "none", key = "kind")
@Experiment
@Doc(
    "How the gradient of the mean loss is clipped, before weight decay and momentum: by its L2 norm"
        + " over all parameters together, or each element by itself")
public sealed interface ClippingConfig {

  /** What a step does. */
  Clipping clipping();

  /** Not at all. */
  @Kind("none")
  record None() implements ClippingConfig {
    @Override
    public Clipping clipping() {
      return Clipping.NONE;
    }
  }

  /**
   * By the norm.
   *
   * @param limit above 0
   */
  @Kind("norm")
  record Norm(@Required(example = "1") @Experiment @Doc(LIMIT) double limit)
      implements ClippingConfig {
    public Norm {
      requirePositive(limit);
    }

    @Override
    public Clipping clipping() {
      return new Clipping.Norm(limit);
    }
  }

  /**
   * By the elements' size.
   *
   * @param limit above 0
   */
  @Kind("value")
  record Value(@Required(example = "1") @Experiment @Doc(LIMIT) double limit)
      implements ClippingConfig {
    public Value {
      requirePositive(limit);
    }

    @Override
    public Clipping clipping() {
      return new Clipping.Value(limit);
    }
  }

  /** What the limit is, for people. */
  String LIMIT = "Largest norm, or largest size of an element, above 0";

  private static void requirePositive(double limit) {
    new Problems()
        .require(limit > 0 && Double.isFinite(limit), "limit", limit, "above 0, for example 1")
        .throwIfAny();
  }
}
