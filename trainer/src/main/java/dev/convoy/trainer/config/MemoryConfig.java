package dev.convoy.trainer.config;

/**
 * Bounds of what is kept in memory.
 *
 * @param shardCache encoded examples that each executor keeps
 */
public record MemoryConfig(
    @Default("512MiB")
        @Operation
        @Doc("Encoded examples that each executor keeps, such as `512MiB` or `2GiB`")
        ByteSize shardCache) {

  /**
   * @throws ConfigurationException with everything that is wrong
   */
  public MemoryConfig {
    new Problems()
        .require(shardCache.bytes() > 0, "shard_cache", shardCache, "above 0B, for example 512MiB")
        .throwIfAny();
  }
}
