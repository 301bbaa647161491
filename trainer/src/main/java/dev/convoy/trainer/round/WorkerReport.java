package dev.convoy.trainer.round;

import java.io.Serializable;
import java.util.List;

/**
 * What a logical worker says of its round.
 *
 * @param worker from 0
 * @param firstPlace first place of the epoch's order that it used
 * @param endPlace the place after the last one it used
 * @param lossSum sum over its examples of their loss
 * @param secondsLoading reading, decoding, augmenting
 * @param secondsComputing steps
 * @param host where it ran
 * @param divergedAt ids of the batch at or after which loss or state was not finite; empty if all
 *     was
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
}
