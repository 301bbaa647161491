package dev.convoy.trainer.report;

/**
 * One round in the report's curves.
 *
 * @param round counted over the run, from 0
 * @param epoch epochs done at the round's end, as a fraction
 * @param loss mean over the round's examples; NaN leaves a gap
 * @param learningRate of its last step
 * @param imagesPerSecond all workers together
 */
public record RoundPoint(
    long round, double epoch, double loss, double learningRate, double imagesPerSecond) {}
