package dev.convoy.trainer.round;

import dev.convoy.trainer.averaging.WorkerSlice;
import java.util.List;

/**
 * One slice of a worker's result; the report goes with slice 0.
 *
 * @param part the slice
 * @param reports the worker's report, or nothing
 */
record WorkerResult(WorkerSlice part, List<WorkerReport> reports) implements SliceResult {}
