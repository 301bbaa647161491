package dev.convoy.trainer.run;

/**
 * A worker that held a round up.
 *
 * @param worker from 0
 * @param host where it ran
 * @param executor Spark's id of where it ran
 * @param seconds loading and computing
 * @param secondsLoading of these
 * @param medianSeconds half of the round's workers took at most so long
 */
public record StragglerMetrics(
    int worker,
    String host,
    String executor,
    double seconds,
    double secondsLoading,
    double medianSeconds) {}
