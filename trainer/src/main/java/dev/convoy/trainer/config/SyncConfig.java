package dev.convoy.trainer.config;

/**
 * How the logical workers are brought together.
 *
 * @param strategy what is done after a round
 * @param steps steps of every worker per round (tau), at least 1
 */
public record SyncConfig(
    @Default("average") @Experiment @Doc("What is done after a round") SyncKind strategy,
    @Default("10") @Experiment @Doc("Steps of every worker between two averagings, at least 1")
        int steps) {

  /**
   * @throws ConfigurationException with everything that is wrong
   */
  public SyncConfig {
    new Problems().require(steps >= 1, "steps", steps, "at least 1").throwIfAny();
  }
}
