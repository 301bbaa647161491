package dev.convoy.trainer.report;

/**
 * How the trained model does on one split.
 *
 * @param split for example {@code test}
 * @param examples of the split
 * @param top1 share of 1
 * @param top5 share of 1
 * @param loss mean cross-entropy
 */
public record Score(String split, long examples, double top1, double top5, double loss) {}
