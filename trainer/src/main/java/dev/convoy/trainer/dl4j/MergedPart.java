package dev.convoy.trainer.dl4j;

import java.io.Serializable;
import java.util.List;

/**
 * One slice of the average.
 *
 * @param slice which
 * @param parts merged
 * @param reports all workers' reports with slice 0, nothing with the others
 */
record MergedPart(int slice, ReplicaParts parts, List<RoundReport> reports)
    implements Serializable {}
