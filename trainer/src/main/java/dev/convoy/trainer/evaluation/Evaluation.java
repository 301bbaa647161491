package dev.convoy.trainer.evaluation;

import java.util.List;

/**
 * What a network does on a split, every example counted once.
 *
 * @param examples evaluated
 * @param top1 share whose most probable class is the label
 * @param top5 share whose label is among the five most probable classes
 * @param loss mean cross-entropy, natural logarithm, without label smoothing
 * @param classes names, by index
 * @param confusion which classes were taken for which
 */
public record Evaluation(
    long examples,
    double top1,
    double top5,
    double loss,
    List<String> classes,
    ConfusionMatrix confusion) {}
