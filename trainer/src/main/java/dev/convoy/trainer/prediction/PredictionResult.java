package dev.convoy.trainer.prediction;

/**
 * What a prediction gave.
 *
 * @param examples images in the table
 * @param unreadable of these, how many have an error instead of classes
 * @param output the table's file
 * @param averagedWeights whether the moving average of the weights named them
 */
public record PredictionResult(
    long examples, long unreadable, String output, boolean averagedWeights) {}
