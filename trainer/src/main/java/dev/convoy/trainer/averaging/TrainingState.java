package dev.convoy.trainer.averaging;

import dev.convoy.models.state.NetworkState;

/**
 * All from which the next round goes on.
 *
 * @param network from which every worker starts
 * @param outer what the strategy remembers
 * @param ema the moving average of the network's weights
 */
public record TrainingState(NetworkState network, OuterState outer, EmaState ema) {

  /** Without a moving average. */
  public TrainingState(NetworkState network, OuterState outer) {
    this(network, outer, EmaState.NONE);
  }

  /** The same with another moving average. */
  public TrainingState with(EmaState other) {
    return new TrainingState(network, outer, other);
  }

  /** The network to evaluate and predict with: the moving average where one is kept. */
  public NetworkState evaluated() {
    return ema.isEmpty() ? network : NetworkState.atRest(ema.parameters());
  }

  /** Whether it has neither NaN nor an infinity. */
  public boolean isFinite() {
    return network.isFinite() && outer.isFinite() && ema.isFinite();
  }
}
