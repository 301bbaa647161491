package dev.convoy.trainer.benchmark;

/**
 * A cluster that nobody measured: one worker a slot, one slot an executor.
 *
 * @param workers W
 * @param gigabitsPerSecond assumed of each link, in each direction
 * @param overheadSeconds of a round
 * @param networkSeconds of these, what the assumed links take
 * @param steps the least tau with which sync takes at most 5% of a round
 */
public record ForecastLine(
    int workers,
    double gigabitsPerSecond,
    double overheadSeconds,
    double networkSeconds,
    long steps) {}
