package dev.convoy.trainer.report;

/**
 * One epoch in the report's curves. NaN stands for what was not evaluated.
 *
 * @param epoch epochs done, from 1
 * @param trainLoss mean over the epoch's examples, each as it was when it was used
 * @param top1 share of 1, on the split that is evaluated after epochs
 * @param top5 share of 1
 * @param loss mean cross-entropy
 */
public record EpochPoint(int epoch, double trainLoss, double top1, double top5, double loss) {}
