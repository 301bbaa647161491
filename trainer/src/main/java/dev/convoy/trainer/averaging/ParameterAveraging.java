package dev.convoy.trainer.averaging;

import dev.convoy.models.state.NetworkState;

/**
 * Plain parameter averaging: every worker goes tau steps, and all go on from the average of
 * parameters and momentum.
 *
 * @param steps tau
 */
public record ParameterAveraging(int steps) implements SyncStrategy {

  /** Checks tau. */
  public ParameterAveraging {
    if (steps < 1) {
      throw new IllegalArgumentException("steps is " + steps + "; at least 1 is needed");
    }
  }

  @Override
  public String explanation() {
    return "averaged every " + steps + " steps";
  }

  @Override
  public int stepsPerRound(int epoch) {
    return steps;
  }

  @Override
  public TrainingState next(TrainingState start, NetworkState average, double learningRate) {
    return new TrainingState(average, start.outer());
  }
}
