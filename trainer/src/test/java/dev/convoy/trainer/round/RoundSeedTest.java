package dev.convoy.trainer.round;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is drawn in one round is drawn in no other. */
final class RoundSeedTest {

  @Test
  void seedsDifferOverSeedsRoundsAndWorkers() {
    Set<Long> seen = new HashSet<>();
    int drawn = 0;
    for (long seed : new long[] {0, 1, 2, -1, Long.MIN_VALUE, 0x9E3779B97F4A7C15L}) {
      for (long round = 0; round < 500; round++) {
        for (int worker = 0; worker < 64; worker++) {
          seen.add(WorkerRound.roundSeed(seed, round, worker));
          drawn++;
        }
      }
    }
    assertThat(seen).hasSize(drawn);
  }

  @Test
  void neighboursShareNoPattern() {
    // Of 64 bits about half should flip; fewer than 10 has a chance below 1e-8.
    for (int round = 0; round < 200; round++) {
      long base = WorkerRound.roundSeed(1, round, 0);
      assertThat(Long.bitCount(base ^ WorkerRound.roundSeed(1, round + 1, 0))).isBetween(10, 54);
      assertThat(Long.bitCount(base ^ WorkerRound.roundSeed(1, round, 1))).isBetween(10, 54);
      assertThat(Long.bitCount(base ^ WorkerRound.roundSeed(2, round, 0))).isBetween(10, 54);
    }
  }
}
