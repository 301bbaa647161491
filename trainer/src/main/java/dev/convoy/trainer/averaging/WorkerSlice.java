package dev.convoy.trainer.averaging;

/**
 * One worker's share of one slice of the state, on its way to the task that merges this slice.
 *
 * @param worker whose
 * @param slice which part of the state
 * @param examples that the state stands for; 0 leaves it out of the average
 * @param state that part; only slice 0 carries running statistics
 */
public record WorkerSlice(int worker, int slice, int examples, WireState state) {}
