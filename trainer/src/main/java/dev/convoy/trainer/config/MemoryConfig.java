package dev.convoy.trainer.config;

import java.time.Duration;

/**
 * Bounds of what executors keep in memory between tasks.
 *
 * @param shardCache encoded examples that each executor keeps
 * @param prefetch batches that each executor loads ahead; 0: none
 * @param idleMinutes after which what no task used is freed
 */
public record MemoryConfig(
    @Default("512MiB")
        @Operation
        @Doc("Encoded examples that each executor keeps, such as `512MiB` or `2GiB`")
        ByteSize shardCache,
    @Default("256MiB")
        @Operation
        @Doc("Batches of the next round that each executor loads ahead, on the heap; `0B`: none")
        ByteSize prefetch,
    @Default("10")
        @Operation
        @Doc("Minutes after which an executor frees what no task of the run used, above 0")
        double idleMinutes) {

  private static final double MOST_IDLE_MINUTES = 1e6;

  /**
   * @throws ConfigurationException with everything that is wrong
   */
  public MemoryConfig {
    new Problems()
        .require(shardCache.bytes() > 0, "shard_cache", shardCache, "above 0B, for example 512MiB")
        .require(
            idleMinutes > 0 && idleMinutes <= MOST_IDLE_MINUTES,
            "idle_minutes",
            idleMinutes,
            "above 0 and at most 1000000, for example 10")
        .throwIfAny();
  }

  /** How long what no task uses is kept. */
  public Duration idle() {
    return Duration.ofNanos(Math.max(1, Math.round(idleMinutes * 60e9)));
  }
}
