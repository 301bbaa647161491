package dev.convoy.trainer.checkpoint;

import dev.convoy.models.state.NetworkState;

/**
 * A checkpoint read back and found whole.
 *
 * @param name of its folder
 * @param location of its folder
 * @param record what it says of itself
 * @param state parameters, running statistics, momentum
 */
public record Checkpoint(
    String name, String location, CheckpointRecord record, NetworkState state) {}
