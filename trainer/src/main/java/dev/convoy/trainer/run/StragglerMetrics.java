package dev.convoy.trainer.run;

import java.util.Optional;

/**
 * A worker that held a round up.
 *
 * @param worker from 0
 * @param host where it ran
 * @param executor Spark's id of where it ran
 * @param seconds loading and computing; of a task that a speculative attempt overtook, from its
 *     start until the other one's end
 * @param secondsLoading of these; null of a task that was overtaken
 * @param medianSeconds half of the round's workers took at most so long
 */
public record StragglerMetrics(
    int worker,
    String host,
    String executor,
    double seconds,
    Optional<Double> secondsLoading,
    double medianSeconds) {}
