package dev.convoy.trainer.averaging;

import dev.convoy.models.state.NetworkState;

/**
 * All from which the next round goes on.
 *
 * @param network from which every worker starts
 * @param outer what the strategy remembers
 */
public record TrainingState(NetworkState network, OuterState outer) {

  /** Whether it has neither NaN nor an infinity. */
  public boolean isFinite() {
    return network.isFinite() && outer.isFinite();
  }
}
