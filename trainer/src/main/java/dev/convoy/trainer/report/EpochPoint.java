package dev.convoy.trainer.report;

/**
 * One epoch in the report's curves. NaN stands for what was not evaluated.
 *
 * @param epoch epochs done, from 1
 * @param trainLoss mean over the epoch's examples, each as it was when it was used
 * @param validationTop1 share of 1
 * @param validationTop5 share of 1
 * @param validationLoss mean cross-entropy
 */
public record EpochPoint(
    int epoch,
    double trainLoss,
    double validationTop1,
    double validationTop5,
    double validationLoss) {}
