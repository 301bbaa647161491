package dev.convoy.trainer.round;

import dev.convoy.trainer.executor.ExecutorLocation;
import java.io.Serializable;
import java.util.List;

/**
 * What a logical worker says of its round.
 *
 * @param worker from 0
 * @param firstPlace first place of the epoch's order that it used
 * @param endPlace the place after the last one it used; a worker that diverged has used all of its
 *     round's
 * @param lossSum sum over its examples of their loss
 * @param secondsLoading in which it waited for batches: read, decoded and augmented by itself, or
 *     still being loaded ahead
 * @param secondsComputing steps
 * @param prefetched batches that were loaded ahead
 * @param warm whether its network was there and compiled
 * @param host where it ran, as Spark names it
 * @param executor Spark's id of where it ran
 * @param divergedAt ids of the batch at which the loss, the state, or what was to be sent of it was
 *     not finite; empty if all was
 */
public record WorkerReport(
    int worker,
    int firstPlace,
    int endPlace,
    double lossSum,
    double secondsLoading,
    double secondsComputing,
    int prefetched,
    boolean warm,
    String host,
    String executor,
    List<String> divergedAt)
    implements Serializable {

  /** Examples that it used. */
  public int examples() {
    return endPlace - firstPlace;
  }

  /** Whether it has no part in the round's average because not all of its numbers were finite. */
  public boolean diverged() {
    return !divergedAt.isEmpty();
  }

  /** Examples that its state stands for in the average. */
  public int averagedExamples() {
    return diverged() ? 0 : examples();
  }

  /** Loading and computing. */
  public double seconds() {
    return secondsLoading + secondsComputing;
  }

  /** Where it ran. */
  public ExecutorLocation location() {
    return new ExecutorLocation(host, executor);
  }
}
