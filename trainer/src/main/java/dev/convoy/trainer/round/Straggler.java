package dev.convoy.trainer.round;

import dev.convoy.trainer.executor.ExecutorLocation;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The slowest worker of a round, if it was out of line: it took more than {@link #MULTIPLE} times
 * the median, and more than {@link #SECONDS} longer. Where a network was made anew it had a reason,
 * and is not named.
 *
 * @param worker from 0
 * @param location where it ran
 * @param seconds loading and computing; of a task that a speculative attempt overtook, from its
 *     start until the other one's end
 * @param secondsLoading of these; unknown of a task that was overtaken
 * @param medianSeconds half of the workers took at most so long
 */
public record Straggler(
    int worker,
    ExecutorLocation location,
    double seconds,
    Optional<Double> secondsLoading,
    double medianSeconds) {

  /** Of the median. */
  public static final double MULTIPLE = 2;

  /** More than the median. */
  public static final double SECONDS = 1;

  /** The straggler among all workers of a round and the attempts that were overtaken. */
  static Optional<Straggler> among(
      List<WorkerReport> reports, List<OvertakenAttempt> overtakenAttempts) {
    double[] seconds = reports.stream().mapToDouble(WorkerReport::seconds).sorted().toArray();
    // Of two workers the faster one is the measure.
    double median = seconds[(seconds.length - 1) / 2];
    Stream<Straggler> reported =
        reports.stream()
            .filter(WorkerReport::warm)
            .map(
                report ->
                    new Straggler(
                        report.worker(),
                        report.location(),
                        report.seconds(),
                        Optional.of(report.secondsLoading()),
                        median));
    Stream<Straggler> overtaken =
        overtakenAttempts.stream()
            .map(
                attempt ->
                    new Straggler(
                        attempt.worker(),
                        attempt.location(),
                        attempt.seconds(),
                        Optional.empty(),
                        median));
    return Stream.concat(reported, overtaken)
        .max(Comparator.comparingDouble(Straggler::seconds))
        .filter(slowest -> slowest.seconds() > MULTIPLE * median)
        .filter(slowest -> slowest.seconds() > median + SECONDS);
  }
}
