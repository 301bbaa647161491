package dev.convoy.trainer.prediction;

/**
 * What a prediction gave.
 *
 * @param examples images in the table
 * @param unreadable of these, how many have an error instead of classes
 * @param output the table's file
 */
public record PredictionResult(long examples, long unreadable, String output) {}
