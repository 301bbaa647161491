package dev.convoy.data.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.plan.Shuffle.Kind;
import org.junit.jupiter.api.Test;

final class ShuffleTest {

  @Test
  void autoIsGlobalUpToItsLimitAndWindowsAbove() {
    Shuffle auto = new Shuffle(Kind.AUTO, 16);
    Shuffle global = auto.resolve(Shuffle.GLOBAL_LIMIT_BYTES);
    Shuffle windows = auto.resolve(Shuffle.GLOBAL_LIMIT_BYTES + 1);
    assertThat(global.kind()).isEqualTo(Kind.GLOBAL);
    assertThat(global.explanation()).isEqualTo("shuffled globally");
    assertThat(windows).isEqualTo(new Shuffle(Kind.WINDOW, 16));
    assertThat(windows.explanation()).isEqualTo("shuffled in windows of 16 shards");
  }

  @Test
  void whatIsAskedForStays() {
    for (Kind kind : new Kind[] {Kind.GLOBAL, Kind.WINDOW}) {
      Shuffle asked = new Shuffle(kind, 3);
      assertThat(asked.resolve(0)).isEqualTo(asked);
      assertThat(asked.resolve(Long.MAX_VALUE)).isEqualTo(asked);
    }
  }

  @Test
  void aWindowHoldsAShard() {
    assertThatThrownBy(() -> new Shuffle(Kind.WINDOW, 0)).hasMessageContaining("at least one");
  }
}
