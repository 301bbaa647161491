package dev.convoy.trainer.round;

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
 * @param secondsLoading reading, decoding, augmenting
 * @param secondsComputing steps
 * @param host where it ran
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
    String host,
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
}
