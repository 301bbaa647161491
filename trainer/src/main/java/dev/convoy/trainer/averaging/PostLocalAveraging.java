package dev.convoy.trainer.averaging;

import dev.convoy.models.state.NetworkState;

/**
 * Post-local SGD (Lin et al. 2018, arXiv:1808.07217, section 3): averaging after each step, which
 * is large-batch SGD, up to an epoch; from then on local SGD, averaging every tau steps.
 *
 * @param localFromEpoch the first epoch with rounds of several steps, counted from 0
 * @param steps tau from then on
 */
public record PostLocalAveraging(int localFromEpoch, int steps) implements SyncStrategy {

  /** Checks epoch and tau. */
  public PostLocalAveraging {
    if (localFromEpoch < 1 || steps < 1) {
      throw new IllegalArgumentException(
          "local from epoch %d with %d steps; both are at least 1"
              .formatted(localFromEpoch, steps));
    }
  }

  @Override
  public String explanation() {
    return "averaged every step for %d epochs, then every %d steps"
        .formatted(localFromEpoch, steps);
  }

  @Override
  public int stepsPerRound(int epoch) {
    return epoch < localFromEpoch ? 1 : steps;
  }

  @Override
  public TrainingState next(TrainingState start, NetworkState average, double learningRate) {
    return new TrainingState(average, start.outer());
  }
}
