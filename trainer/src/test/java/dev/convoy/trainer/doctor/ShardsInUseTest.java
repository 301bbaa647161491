package dev.convoy.trainer.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.data.dataset.ShardEntry;
import dev.convoy.data.dataset.Split;
import dev.convoy.data.plan.Shuffle;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ShardsInUseTest {

  private static final long MIB = 1 << 20;

  /** Of the 600 examples of a shard, and what else an example takes. */
  private static final long IDS = 600 * 220;

  private static List<ShardEntry> shards(int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                new ShardEntry(
                    Split.TRAIN,
                    ShardEntry.fileName(Split.TRAIN, i),
                    600,
                    (i == 0 ? 64 : 60) * MIB,
                    "0".repeat(64)))
        .toList();
  }

  @Test
  void eachSlotHasAWindowAndAllOfThemHaveNoMoreThanThereIs() {
    Shuffle windows = new Shuffle(Shuffle.Kind.WINDOW, 8);
    assertThat(ShardsInUse.of(windows, shards(2000), 4).bytes())
        .isEqualTo(4 * 8 * (64 * MIB + IDS));
    assertThat(ShardsInUse.of(windows, shards(10), 4).bytes())
        .isEqualTo((64 + 9 * 60) * MIB + 10 * IDS);
    assertThat(ShardsInUse.of(new Shuffle(Shuffle.Kind.GLOBAL, 8), shards(100), 1).bytes())
        .isEqualTo((64 + 99 * 60) * MIB + 100 * IDS);
  }

  @Test
  void aCacheThatIsTooSmallIsAWarning() {
    ShardsInUse used = new ShardsInUse(2048 * MIB, 4);
    assertThat(used.judge(2048 * MIB)).isEmpty();
    Verdict verdict = used.judge(512 * MIB).orElseThrow();
    assertThat(verdict.level()).isEqualTo(Level.WARNING);
    assertThat(verdict.detail())
        .startsWith("the 4 slots of an executor read from shards of 2048 MiB at a time")
        .contains("it keeps 512 MiB");
    assertThat(verdict.advice()).startsWith("set memory.shard_cache to 2048MiB");
  }
}
