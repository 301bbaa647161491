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
 * @param state parameters, running statistics, momentum
 * @param outer what the strategy remembers
 */
public record Checkpoint(
    String name, String location, CheckpointRecord record, NetworkState state, OuterState outer) {

  /** All from which the next round goes on. */
  public TrainingState trainingState() {
    return new TrainingState(state, outer);
  }
}
