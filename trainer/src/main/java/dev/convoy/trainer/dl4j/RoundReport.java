package dev.convoy.trainer.dl4j;

import java.io.Serializable;

/**
 * What a worker says of its round.
 *
 * @param worker from 0
 * @param examples that it used
 * @param scoreSum sum over its batches of their score times their examples
 * @param iteration of its network at the end
 * @param arithmetic libraries that it computed with
 */
record RoundReport(int worker, int examples, double scoreSum, int iteration, String arithmetic)
    implements Serializable {}
