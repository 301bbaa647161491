package dev.convoy.trainer.round;

import dev.convoy.models.state.NetworkState;
import java.util.List;
import java.util.Optional;

/**
 * What a round gave.
 *
 * @param average the workers' states, averaged by their examples
 * @param reports one a worker, in the order of the workers
 * @param seconds wall time of the round
 */
public record RoundOutcome(NetworkState average, List<WorkerReport> reports, double seconds) {

  /** Examples that all workers used. */
  public int examples() {
    return reports.stream().mapToInt(WorkerReport::examples).sum();
  }

  /** Mean loss over the round's examples. */
  public double loss() {
    return reports.stream().mapToDouble(WorkerReport::lossSum).sum() / examples();
  }

  /** Batches that were loaded before their worker asked for them. */
  public int prefetched() {
    return reports.stream().mapToInt(WorkerReport::prefetched).sum();
  }

  /** The slowest worker, if it was out of line. */
  public Optional<Straggler> straggler() {
    return Straggler.among(reports);
  }
}
