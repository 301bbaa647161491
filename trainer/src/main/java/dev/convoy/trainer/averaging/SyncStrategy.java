package dev.convoy.trainer.averaging;

import dev.convoy.models.state.NetworkState;

/**
 * How the logical workers are kept together: how long they go alone, and what follows. A strategy
 * itself never changes; what it remembers travels in {@link TrainingState}, and is saved with it.
 */
public interface SyncStrategy {

  /** One line for people. */
  String explanation();

  /**
   * Steps that each worker makes between two averagings (tau). The last round of an epoch is
   * shorter where tau does not divide the epoch.
   *
   * @param epoch from 0
   */
  int stepsPerRound(int epoch);

  /** What it remembers before the first round. */
  default OuterState initial() {
    return OuterState.NONE;
  }

  /**
   * That from which the next round starts.
   *
   * @param start that from which the workers started
   * @param average the weighted average of the states in which they ended
   * @param learningRate mean over the round's steps
   */
  TrainingState next(TrainingState start, NetworkState average, double learningRate);
}
