package dev.convoy.trainer.config;

/**
 * The linear scaling rule (Goyal et al. 2017, arXiv:1706.02677, section 2.1): when the global batch
 * is multiplied by k, multiply the learning rate by k.
 *
 * @param referenceBatch the global batch that {@code learning_rate} was found with, or {@link #OFF}
 */
public record LinearScalingConfig(
    @Default("0")
        @Experiment
        @Doc(
            "The global batch that `learning_rate` was found with: the rate is multiplied by workers"
                + " * batch / reference_batch; 0: no scaling")
        int referenceBatch) {

  /** The reference batch that stands for no scaling. */
  public static final int OFF = 0;

  /**
   * @throws ConfigurationException with everything that is wrong
   */
  public LinearScalingConfig {
    new Problems()
        .require(
            referenceBatch >= 0,
            "reference_batch",
            referenceBatch,
            "at least 1, for example 256, or 0 for no scaling")
        .throwIfAny();
  }

  /** Returns k = global batch / reference batch, or 1 where the rule is off. */
  public double factor(long globalBatch) {
    return referenceBatch == OFF ? 1 : (double) globalBatch / referenceBatch;
  }
}
