package dev.convoy.data.ingest;

import dev.convoy.data.dataset.ShardEntry;
import dev.convoy.data.dataset.Split;
import dev.convoy.data.storage.Sha256;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Cuts examples into shards. Within a split they stand in the order of SHA-256(id), so that every
 * shard holds a mixture of the classes; a shard is closed when the next image would take it above
 * the shard size. It depends on the examples, their splits and the shard size alone.
 */
final class ShardLayout {
  private ShardLayout() {}

  @SuppressWarnings(
      "ArrayRecordComponent") // 32 bytes, only ordered by, never compared for equality
  private record Keyed(byte[] key, ScannedImage image) implements Comparable<Keyed> {
    @Override
    public int compareTo(Keyed other) {
      return Arrays.compareUnsigned(key, other.key);
    }
  }

  /** The shards in the order train, validation, test. */
  static List<PlannedShard> cut(List<ScannedImage> images, SplitRule rule, long shardBytes) {
    Map<Split, List<Keyed>> bySplit = new EnumMap<>(Split.class);
    for (ScannedImage image : images) {
      bySplit
          .computeIfAbsent(rule.of(image.id()), split -> new ArrayList<>())
          .add(new Keyed(Sha256.of(image.id()), image));
    }
    List<PlannedShard> shards = new ArrayList<>();
    bySplit.forEach((split, members) -> shards.addAll(cutSplit(split, members, shardBytes)));
    return shards;
  }

  private static List<PlannedShard> cutSplit(Split split, List<Keyed> members, long shardBytes) {
    members.sort(null);
    List<PlannedShard> shards = new ArrayList<>();
    List<ScannedImage> current = new ArrayList<>();
    long bytes = 0;
    for (Keyed member : members) {
      if (!current.isEmpty() && bytes + member.image().length() > shardBytes) {
        shards.add(planned(split, shards.size(), current));
        current = new ArrayList<>();
        bytes = 0;
      }
      current.add(member.image());
      bytes += member.image().length();
    }
    shards.add(planned(split, shards.size(), current));
    return shards;
  }

  private static PlannedShard planned(Split split, int index, List<ScannedImage> images) {
    return new PlannedShard(split, ShardEntry.fileName(split, index), images);
  }
}
