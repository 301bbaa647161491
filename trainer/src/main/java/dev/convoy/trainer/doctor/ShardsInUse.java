package dev.convoy.trainer.doctor;

import dev.convoy.data.dataset.ShardCache;
import dev.convoy.data.dataset.ShardEntry;
import dev.convoy.data.plan.Shuffle;
import java.util.List;
import java.util.Optional;

/**
 * Shards that the slots of one executor read from at a time. What is not kept of them is read again
 * for each worker's round.
 *
 * @param bytes of all of them, at most
 * @param slots of the executor
 */
record ShardsInUse(long bytes, int slots) {

  /**
   * Under a windowed shuffle each slot has a window of its own, else each reads from all shards.
   *
   * @param shuffle of the plan, {@link Shuffle.Kind#AUTO} resolved
   * @param shards of the training split
   * @param slots of the executor that has most
   */
  static ShardsInUse of(Shuffle shuffle, List<ShardEntry> shards, int slots) {
    long all = ShardCache.estimate(shards);
    if (shuffle.kind() == Shuffle.Kind.GLOBAL) {
      return new ShardsInUse(all, slots);
    }
    long largest = shards.stream().mapToLong(ShardCache::estimate).max().orElse(0);
    return new ShardsInUse(Math.min(all, (long) slots * shuffle.windowShards() * largest), slots);
  }

  /** A warning where an executor keeps fewer. */
  Optional<Verdict> judge(long kept) {
    if (bytes <= kept) {
      return Optional.empty();
    }
    return Optional.of(
        Verdict.overall(
            Level.WARNING,
            "the %d slots of an executor read from shards of %s at a time, and it keeps %s: the others are read again in each worker's round"
                .formatted(slots, MemorySize.text(bytes), MemorySize.text(kept)),
            "set memory.shard_cache to %s and give executors the heap for it, or ingest with smaller --shard-bytes"
                .formatted(MemorySize.text(bytes).replace(" ", ""))));
  }
}
