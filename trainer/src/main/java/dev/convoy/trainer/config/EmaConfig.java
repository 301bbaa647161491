package dev.convoy.trainer.config;

import dev.convoy.trainer.averaging.WeightEma;
import java.util.Optional;

/**
 * The exponential moving average of the weights over the steps.
 *
 * @param decay share that a step keeps, in [0, 1), or {@link #OFF}
 * @param warmup of the decay
 */
public record EmaConfig(
    @Default("0")
        @Experiment
        @Doc(
            "Share of the weights' exponential moving average that each step keeps, below 1, for"
                + " example 0.9999; evaluation and prediction then use the average; 0: none is kept")
        double decay,
    @Default("none")
        @Experiment
        @Doc(
            "How the decay begins: `none`, at once, or `ramp`, min(decay, (1 + t) / (10 + t)) at step"
                + " t, counted from 0")
        WeightEma.Warmup warmup) {

  /** The decay that stands for no average. */
  public static final double OFF = 0;

  /**
   * @throws ConfigurationException with everything that is wrong
   */
  public EmaConfig {
    new Problems()
        .require(
            decay >= 0 && decay < 1,
            "decay",
            decay,
            "above 0 and below 1, for example 0.9999, or 0 for none")
        .throwIfAny();
  }

  /** The average, if one is kept. */
  public Optional<WeightEma> ema() {
    return decay == OFF ? Optional.empty() : Optional.of(new WeightEma(decay, warmup));
  }
}
