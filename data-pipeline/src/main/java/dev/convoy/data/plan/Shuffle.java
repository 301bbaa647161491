package dev.convoy.data.plan;

import java.io.Serializable;

/**
 * How the order of an epoch is drawn.
 *
 * @param kind which order; {@link Kind#AUTO} is resolved by the size of the split alone, so that it
 *     is the same on every cluster
 * @param windowShards shards that are mixed with each other under {@link Kind#WINDOW}
 */
public record Shuffle(Kind kind, int windowShards) implements Serializable {

  /** Splits of at most this many encoded bytes are shuffled globally under {@link Kind#AUTO}. */
  public static final long GLOBAL_LIMIT_BYTES = 1L << 30;

  /** The orders there are. */
  public enum Kind {
    /** {@link #GLOBAL} up to {@link #GLOBAL_LIMIT_BYTES}, {@link #WINDOW} above. */
    AUTO,
    /** A uniformly drawn permutation of all examples; every worker reads from every shard. */
    GLOBAL,
    /**
     * Shards in a drawn order, examples permuted within a window of consecutive shards; a worker
     * reads few shards at a time, whatever the size of the dataset.
     */
    WINDOW
  }

  /** Checks the window. */
  public Shuffle {
    if (windowShards < 1) {
      throw new IllegalArgumentException(
          "windowShards is " + windowShards + "; a window holds at least one shard");
    }
  }

  /**
   * The order that is really used for a split.
   *
   * @param splitBytes encoded bytes of the split
   * @return this, with AUTO replaced by what the size decides
   */
  public Shuffle resolve(long splitBytes) {
    if (kind != Kind.AUTO) {
      return this;
    }
    return new Shuffle(splitBytes <= GLOBAL_LIMIT_BYTES ? Kind.GLOBAL : Kind.WINDOW, windowShards);
  }

  /** The order in words, for logs and reports. */
  public String explanation() {
    return switch (kind) {
      case AUTO -> "shuffled as the split's size decides";
      case GLOBAL -> "shuffled globally";
      case WINDOW -> "shuffled in windows of %d shards".formatted(windowShards);
    };
  }
}
