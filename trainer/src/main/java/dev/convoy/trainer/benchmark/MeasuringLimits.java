package dev.convoy.trainer.benchmark;

import java.time.Duration;

/**
 * How long to go on.
 *
 * @param warmUps rounds that do not count, at least 1: a round's beginning is the end of the one
 *     before
 * @param rounds most rounds that count, at least 1
 * @param budget after which no further round begins, once one counts
 */
public record MeasuringLimits(int warmUps, int rounds, Duration budget) {

  /** Checks the counts. */
  public MeasuringLimits {
    if (warmUps < 1 || rounds < 1) {
      throw new IllegalArgumentException(
          "%d warm-up rounds and %d rounds; each has to be at least 1".formatted(warmUps, rounds));
    }
  }

  /** Rounds together. */
  public int all() {
    return warmUps + rounds;
  }

  /**
   * Whether to stop here.
   *
   * @param done rounds so far, the warm-up's among them
   * @param started when, by {@link System#nanoTime}
   */
  public boolean reached(int done, long started) {
    return done >= all() || (done > warmUps && System.nanoTime() - started > budget.toNanos());
  }
}
