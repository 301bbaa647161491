package dev.convoy.trainer.training;

import dev.convoy.trainer.round.RoundOutcome;

/** Who is told of each round of a run, on the driver, such as one who measures them. */
@FunctionalInterface
public interface RoundObserver {

  /**
   * A round is done, and its state is the run's. The next round begins when this returns.
   *
   * @param round counted over the run, from 0
   * @param outcome what it gave; its state is not to be kept
   */
  void roundCompleted(long round, RoundOutcome outcome);
}
