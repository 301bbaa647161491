package dev.convoy.trainer.benchmark;

import dev.convoy.trainer.round.WorkerReport;
import java.util.List;
import java.util.Optional;

/**
 * A round of a run, from the end of the one before to its own end, with all that the driver does in
 * between.
 *
 * @param round counted over the run, from 0
 * @param seconds wall time
 * @param reports of its workers
 * @param driver bytes that the driver's process read and wrote; empty where nobody counts them
 */
record CompletedRound(
    long round, double seconds, List<WorkerReport> reports, Optional<ProcessBytes> driver) {

  int examples() {
    return reports.stream().mapToInt(WorkerReport::examples).sum();
  }
}
