package dev.convoy.trainer.round;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The slowest worker of a round, if it was out of line: it took more than {@link #MULTIPLE} times
 * the median, and more than {@link #SECONDS} longer. Where a network was made anew it had a reason,
 * and is not named.
 *
 * @param worker what it said of its round
 * @param medianSeconds half of the workers took at most so long
 */
public record Straggler(WorkerReport worker, double medianSeconds) {

  /** Of the median. */
  public static final double MULTIPLE = 2;

  /** More than the median. */
  public static final double SECONDS = 1;

  /** The straggler among all workers of a round. */
  static Optional<Straggler> among(List<WorkerReport> reports) {
    double[] seconds = reports.stream().mapToDouble(WorkerReport::seconds).sorted().toArray();
    // Of two workers the faster one is the measure.
    double median = seconds[(seconds.length - 1) / 2];
    return reports.stream()
        .filter(WorkerReport::warm)
        .max(Comparator.comparingDouble(WorkerReport::seconds))
        .filter(slowest -> slowest.seconds() > MULTIPLE * median)
        .filter(slowest -> slowest.seconds() > median + SECONDS)
        .map(slowest -> new Straggler(slowest, median));
  }
}
