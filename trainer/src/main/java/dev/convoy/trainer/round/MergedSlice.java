package dev.convoy.trainer.round;

import dev.convoy.trainer.averaging.WorkerState;
import java.io.Serializable;
import java.util.List;

/**
 * One slice of the average.
 *
 * @param slice which
 * @param state merged; empty if every worker diverged
 * @param reports all workers' reports with slice 0, nothing with the others
 */
record MergedSlice(int slice, WorkerState state, List<WorkerReport> reports)
    implements Serializable {}
