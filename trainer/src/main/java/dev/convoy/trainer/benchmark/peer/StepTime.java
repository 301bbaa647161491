package dev.convoy.trainer.benchmark.peer;

import java.io.Serializable;

/**
 * One step, as the executor timed it.
 *
 * @param task Spark's id of the task attempt
 * @param seconds in {@code ComputationGraph.fit}
 */
record StepTime(long task, double seconds) implements Serializable {}
