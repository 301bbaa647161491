package dev.convoy.trainer.round;

import dev.convoy.trainer.executor.ExecutorLocation;

/**
 * A worker's task that was still running when a speculative attempt of it was done.
 *
 * @param worker from 0
 * @param location where it ran
 * @param seconds from its start until the other attempt's end
 */
record OvertakenAttempt(int worker, ExecutorLocation location, double seconds) {}
