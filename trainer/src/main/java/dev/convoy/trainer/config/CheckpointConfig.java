package dev.convoy.trainer.config;

/**
 * When checkpoints are written and how many are kept.
 *
 * @param everyRounds rounds between two checkpoints; 0: at the end of epochs only
 * @param keep at least 1
 */
public record CheckpointConfig(
    @Default("0") @Operation @Doc("Rounds between two checkpoints; 0: at the end of epochs only")
        int everyRounds,
    @Default("3") @Operation @Doc("Checkpoints that are kept, at least 1") int keep) {

  /**
   * @throws ConfigurationException with everything that is wrong
   */
  public CheckpointConfig {
    new Problems()
        .require(
            everyRounds >= 0, "every_rounds", everyRounds, "at least 1, or 0 for epoch ends only")
        .require(keep >= 1, "keep", keep, "at least 1")
        .throwIfAny();
  }
}
