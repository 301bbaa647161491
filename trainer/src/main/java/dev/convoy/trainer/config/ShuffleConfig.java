package dev.convoy.trainer.config;

/**
 * How the examples of an epoch are put in order.
 *
 * @param kind how
 * @param windowShards shards of one window, at least 1
 */
public record ShuffleConfig(
    @Default("auto")
        @Experiment
        @Doc(
            "One permutation of all examples, or of windows of shards; `auto` lets the plan decide")
        ShuffleKind kind,
    @Default("8")
        @Experiment
        @Doc("Shards that are mixed with each other when shuffling by windows, at least 1")
        int windowShards) {

  /**
   * @throws ConfigurationException with everything that is wrong
   */
  public ShuffleConfig {
    new Problems()
        .require(windowShards >= 1, "window_shards", windowShards, "at least 1")
        .throwIfAny();
  }
}
