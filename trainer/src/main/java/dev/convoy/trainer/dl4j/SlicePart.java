package dev.convoy.trainer.dl4j;

import java.io.Serializable;
import java.util.List;

/**
 * One slice of one worker's state, on its way to the task that merges this slice.
 *
 * @param worker whose
 * @param parts the slice; only slice 0 carries running statistics
 * @param reports the worker's report with slice 0, nothing with the others
 */
record SlicePart(int worker, ReplicaParts parts, List<RoundReport> reports)
    implements Serializable {}
