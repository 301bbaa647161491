package dev.convoy.trainer.evaluation;

import java.io.Serializable;

/**
 * What one chunk gave.
 *
 * @param chunk index of the chunk
 * @param labels one an example
 * @param predictions the most probable class of each
 * @param amongFive examples whose label is among the five most probable classes
 * @param lossSum sum of their cross-entropies
 */
record ChunkScore(int chunk, int[] labels, int[] predictions, int amongFive, double lossSum)
    implements Serializable {}
