package dev.convoy.trainer.benchmark;

import dev.convoy.trainer.config.ConvoyConfig;

/**
 * One line of the comparison: the same network, batches, workers and steps for each implementation.
 *
 * @param config model, workers, batch, steps a round; its dataset has enough examples for all
 *     rounds in one epoch
 * @param limits how many rounds
 */
public record RoundCase(ConvoyConfig config, MeasuringLimits limits) {

  /** The name of one of its rounds. */
  public String roundName(String implementation, long round) {
    return "%s, %d workers, round %d".formatted(implementation, config.workers(), round);
  }
}
