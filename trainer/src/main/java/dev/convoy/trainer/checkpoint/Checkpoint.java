package dev.convoy.trainer.checkpoint;

import dev.convoy.models.state.NetworkState;
import dev.convoy.trainer.averaging.OuterState;
import dev.convoy.trainer.averaging.TrainingState;

/**
 * A checkpoint read back and found whole.
 *
 * @param name of its folder
 * @param location of its folder
 * @param record what it says of itself
 * @param trainingState all from which the next round goes on
 */
public record Checkpoint(
    String name, String location, CheckpointRecord record, TrainingState trainingState) {

  /**
   * The network to use: the moving average of the weights where the run keeps one, else parameters,
   * running statistics and momentum as trained.
   */
  public NetworkState state() {
    return trainingState.evaluated();
  }

  /** Whether {@link #state} is the moving average of the weights. */
  public boolean isAveraged() {
    return !trainingState.ema().isEmpty();
  }

  /** What the strategy remembers. */
  public OuterState outer() {
    return trainingState.outer();
  }
}
