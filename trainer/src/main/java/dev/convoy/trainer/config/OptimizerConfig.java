package dev.convoy.trainer.config;

import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/**
 * Momentum SGD: {@code delta = momentum * delta + grad; w = w - learning_rate * delta}, where
 * {@code grad} is the clipped gradient and {@code weight_decay * w} for the parameters that decay.
 *
 * @param learningRate the base rate, above 0
 * @param momentum in [0, 1)
 * @param weightDecay at least 0
 * @param withoutDecay parameters that do not decay; in the order of the enum, unmodifiable
 * @param clipping of the gradient
 * @param linearScaling how the base rate follows the global batch
 */
public record OptimizerConfig(
    @Required(example = "0.1") @Experiment @Doc("The base rate, above 0") double learningRate,
    @Default("0.9") @Experiment @Doc("Share of the last update that goes on, from 0 to below 1")
        double momentum,
    @Default("0") @Experiment @Doc("Added to the gradient as decay times parameter, at least 0")
        double weightDecay,
    @Default("[]")
        @Experiment
        @Doc("Parameters that do not decay: biases, scales and shifts of batch normalisation")
        Set<DecayExemption> withoutDecay,
    ClippingConfig clipping,
    LinearScalingConfig linearScaling) {

  /**
   * @throws ConfigurationException with everything that is wrong
   */
  public OptimizerConfig {
    new Problems()
        .require(
            learningRate > 0 && Double.isFinite(learningRate),
            "learning_rate",
            learningRate,
            "above 0, for example 0.1")
        .require(momentum >= 0 && momentum < 1, "momentum", momentum, "at least 0 and below 1")
        .require(
            weightDecay >= 0 && Double.isFinite(weightDecay),
            "weight_decay",
            weightDecay,
            "at least 0, for example 1e-4")
        .throwIfAny();
    withoutDecay = Collections.unmodifiableSet(new TreeSet<>(withoutDecay));
  }

  /** Returns the base rate after the linear scaling rule, if that is on, for one global batch. */
  public double effectiveLearningRate(long globalBatch) {
    return learningRate * linearScaling.factor(globalBatch);
  }
}
