package dev.convoy.data.plan;

import java.util.SplittableRandom;

/**
 * The order in which an epoch goes through a split: a permutation of the examples' ordinals, where
 * ordinals count through the shards in the manifest's order.
 *
 * <p>Permutations are drawn by Fisher and Yates' method from {@link SplittableRandom} (SplitMix64,
 * doi:10.1145/2660193.2660195). A test pins the numbers, so that a Java version that drew others
 * would be found before it changed a result.
 */
final class EpochOrder {

  private EpochOrder() {}

  static int[] draw(int[] shardSizes, PlanSettings settings, int epoch) {
    SplittableRandom random = new SplittableRandom(orderSeed(settings.seed(), epoch));
    return switch (settings.shuffle().kind()) {
      case GLOBAL -> global(shardSizes, random);
      case WINDOW -> window(shardSizes, settings.shuffle().windowShards(), random);
      case AUTO -> throw new IllegalStateException("unresolved shuffle");
    };
  }

  private static int[] global(int[] shardSizes, SplittableRandom random) {
    int[] order = new int[total(shardSizes)];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    shuffle(order, 0, order.length, random);
    return order;
  }

  private static int[] window(int[] shardSizes, int windowShards, SplittableRandom random) {
    int[] starts = new int[shardSizes.length];
    int[] shards = new int[shardSizes.length];
    int examples = 0;
    for (int s = 0; s < shards.length; s++) {
      shards[s] = s;
      starts[s] = examples;
      examples += shardSizes[s];
    }
    shuffle(shards, 0, shards.length, random);
    int[] order = new int[examples];
    int filled = 0;
    for (int first = 0; first < shards.length; first += windowShards) {
      int windowStart = filled;
      for (int s = first; s < Math.min(shards.length, first + windowShards); s++) {
        for (int row = 0; row < shardSizes[shards[s]]; row++) {
          order[filled++] = starts[shards[s]] + row;
        }
      }
      shuffle(order, windowStart, filled, random);
    }
    return order;
  }

  private static void shuffle(int[] values, int from, int to, SplittableRandom random) {
    for (int i = to - 1; i > from; i--) {
      int j = from + random.nextInt(i - from + 1);
      int swapped = values[i];
      values[i] = values[j];
      values[j] = swapped;
    }
  }

  private static int total(int[] shardSizes) {
    return Math.toIntExact(java.util.Arrays.stream(shardSizes).asLongStream().sum());
  }

  private static long orderSeed(long seed, int epoch) {
    // Two odd constants keep (seed, epoch) pairs apart; SplittableRandom mixes the bits.
    return seed * 0x9E3779B97F4A7C15L + (epoch + 1L) * 0xD1342543DE82EF95L;
  }
}
