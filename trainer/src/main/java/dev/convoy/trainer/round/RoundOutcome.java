package dev.convoy.trainer.round;

import dev.convoy.models.state.NetworkState;
import java.util.List;
import java.util.Optional;

/**
 * What a round gave.
 *
 * @param average the workers' states, averaged by their examples; those that diverged are left out,
 *     and if nobody is left it is the round's start
 * @param reports one a worker, in the order of the workers
 * @param straggler the slowest worker, if it was out of line
 * @param seconds wall time of the round
 */
public record RoundOutcome(
    NetworkState average,
    List<WorkerReport> reports,
    Optional<Straggler> straggler,
    double seconds) {

  /** Examples that all workers used. */
  public int examples() {
    return reports.stream().mapToInt(WorkerReport::examples).sum();
  }

  /** The reports of the workers that diverged. */
  public List<WorkerReport> diverged() {
    return reports.stream().filter(WorkerReport::diverged).toList();
  }

  /** Examples that the average rests on. */
  public int averagedExamples() {
    return reports.stream().mapToInt(WorkerReport::averagedExamples).sum();
  }

  /** Examples of the workers that diverged. */
  public int skippedExamples() {
    return examples() - averagedExamples();
  }

  /** Mean loss over the examples that the average rests on; NaN if there are none. */
  public double loss() {
    return reports.stream()
            .filter(report -> !report.diverged())
            .mapToDouble(WorkerReport::lossSum)
            .sum()
        / averagedExamples();
  }

  /** Batches that were loaded before their worker asked for them. */
  public int prefetched() {
    return reports.stream().mapToInt(WorkerReport::prefetched).sum();
  }
}
