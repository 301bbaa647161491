package dev.convoy.trainer;

/**
 * How far a run has come: the next round to be done.
 *
 * @param round rounds done in the whole run
 * @param epoch the epoch that the next round belongs to, from 0
 * @param step steps of that epoch that every worker has done
 * @param examples examples used in the whole run
 */
public record Position(long round, int epoch, int step, long examples) {

  /** Before the first round. */
  public static final Position START = new Position(0, 0, 0, 0);

  /** Checks the ranges. */
  public Position {
    if (round < 0 || epoch < 0 || step < 0 || examples < 0) {
      throw new IllegalArgumentException(
          "round %d, epoch %d, step %d, examples %d; none can be negative"
              .formatted(round, epoch, step, examples));
    }
  }
}
