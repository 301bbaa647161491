package dev.convoy.trainer.benchmark;

/**
 * A task that ended well, as the driver saw it.
 *
 * @param task Spark's id of the attempt
 * @param stage Spark's id of the stage
 * @param partition which of the stage's tasks
 * @param executor that ran it
 * @param launched milliseconds of the driver's clock
 * @param finished likewise
 */
public record TaskSpan(
    long task, int stage, int partition, String executor, long launched, long finished) {}
