package dev.convoy.trainer.config;

/**
 * Batch norms' running statistics.
 *
 * @param recalibration after the last epoch
 */
public record BatchNormConfig(
    @Default("none")
        @Experiment
        @Doc(
            "Whether running statistics are computed anew over the whole training set after the last"
                + " epoch: `train`, augmented as in training, or `evaluate`, as in evaluation")
        Recalibration recalibration) {}
