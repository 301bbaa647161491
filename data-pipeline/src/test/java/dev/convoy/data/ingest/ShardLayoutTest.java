package dev.convoy.data.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

final class ShardLayoutTest {
  private static final SplitRule RULE = new SplitRule(new TreeLayout(Map.of()), 0.2, 0.2);

  private static List<ScannedImage> images(List<Integer> lengths) {
    List<ScannedImage> images = new ArrayList<>();
    for (int length : lengths) {
      images.add(new ScannedImage("c/" + images.size(), length, new byte[32], 1, 1, 3));
    }
    return images;
  }

  @Property(tries = 200)
  void everyImageIsInOneShardOfItsSplit(
      @ForAll @Size(max = 60) List<@IntRange(min = 1, max = 500) Integer> lengths,
      @ForAll @IntRange(min = 1, max = 1000) int shardBytes) {
    List<ScannedImage> images = images(lengths);
    List<PlannedShard> shards = ShardLayout.cut(images, RULE, shardBytes);

    List<ScannedImage> placed = new ArrayList<>();
    for (PlannedShard shard : shards) {
      long bytes = shard.images().stream().mapToLong(ScannedImage::length).sum();
      assertThat(shard.images()).isNotEmpty();
      assertThat(bytes <= shardBytes || shard.images().size() == 1).isTrue();
      assertThat(shard.images()).allMatch(image -> RULE.of(image.id()) == shard.split());
      placed.addAll(shard.images());
    }
    assertThat(placed).containsExactlyInAnyOrderElementsOf(images);
    assertThat(shards).extracting(PlannedShard::file).doesNotHaveDuplicates();
  }

  @Property(tries = 100)
  void theOrderOfTheInputDoesNotMatter(
      @ForAll @Size(max = 60) List<@IntRange(min = 1, max = 500) Integer> lengths,
      @ForAll long seed) {
    List<ScannedImage> images = images(lengths);
    List<ScannedImage> shuffled = new ArrayList<>(images);
    Collections.shuffle(shuffled, new Random(seed));
    assertThat(ShardLayout.cut(shuffled, RULE, 700)).isEqualTo(ShardLayout.cut(images, RULE, 700));
  }
}
