package dev.convoy.trainer.averaging;

import dev.convoy.models.state.NetworkState;

/** How the logical workers are kept together: how long they go alone, and what follows. */
public interface SyncStrategy {

  /** The name under which the configuration knows it. */
  String name();

  /**
   * Steps that each worker makes between two averagings (tau).
   *
   * @param epoch from 0
   */
  int stepsPerRound(int epoch);

  /**
   * The state from which the next round starts.
   *
   * @param start the state from which the workers started
   * @param average the weighted average of the states in which they ended
   */
  NetworkState next(NetworkState start, NetworkState average);
}
