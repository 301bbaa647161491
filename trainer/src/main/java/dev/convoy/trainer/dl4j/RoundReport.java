package dev.convoy.trainer.dl4j;

import dev.convoy.models.training.ComputeProfile;
import java.io.Serializable;

/**
 * What a worker says of its round.
 *
 * @param worker from 0
 * @param examples that it used
 * @param scoreSum sum over its batches of their score times their examples
 * @param iteration of its network at the end
 * @param profile with which it computed
 */
record RoundReport(int worker, int examples, double scoreSum, int iteration, ComputeProfile profile)
    implements Serializable {}
