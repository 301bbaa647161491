package dev.convoy.trainer.config;

/**
 * Cross-entropy over the softmax of the classes.
 *
 * @param labelSmoothing share of the target that is spread evenly over all classes, in [0, 1)
 * @param classWeights how much each class counts
 */
public record LossConfig(
    @Default("0")
        @Experiment
        @Doc("Share of the target spread evenly over all classes, from 0 to below 1")
        double labelSmoothing,
    ClassWeightsConfig classWeights) {

  /**
   * @throws ConfigurationException with everything that is wrong
   */
  public LossConfig {
    new Problems()
        .require(
            labelSmoothing >= 0 && labelSmoothing < 1,
            "label_smoothing",
            labelSmoothing,
            "at least 0 and below 1, for example 0.1")
        .throwIfAny();
  }
}
