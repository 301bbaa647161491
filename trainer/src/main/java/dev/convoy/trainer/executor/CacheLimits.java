package dev.convoy.trainer.executor;

import java.io.Serializable;
import java.time.Duration;

/**
 * What an executor may keep of a run between tasks, and for how long.
 *
 * @param shardBytes most encoded bytes of examples, at least 0
 * @param prefetchBytes most bytes of batches loaded ahead, those being loaded included; 0: none is
 * @param idle after which all of it is freed if no task of the run was there, above 0
 */
public record CacheLimits(long shardBytes, long prefetchBytes, Duration idle)
    implements Serializable {

  /** Checks the ranges. */
  public CacheLimits {
    if (shardBytes < 0 || prefetchBytes < 0) {
      throw new IllegalArgumentException(
          "%d bytes of shards and %d of batches; neither can be negative"
              .formatted(shardBytes, prefetchBytes));
    }
    if (idle.isNegative() || idle.isZero()) {
      throw new IllegalArgumentException("the idle time is " + idle + "; it has to be above 0");
    }
  }
}
