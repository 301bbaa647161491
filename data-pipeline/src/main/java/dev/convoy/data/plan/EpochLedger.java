package dev.convoy.data.plan;

import java.util.BitSet;

/**
 * Counts what an epoch really used and fails where an example was used twice or left out.
 *
 * <p>Places are those of the epoch's order ({@link EpochPlan#start}); the order is a permutation,
 * so covering every place once is using every example once. Not safe for threads: the driver keeps
 * it.
 */
public final class EpochLedger {

  private final int epoch;
  private final int examples;
  private final BitSet used;

  /** An empty ledger of one epoch. */
  public EpochLedger(EpochPlan plan) {
    this.epoch = plan.epoch();
    this.examples = plan.examples();
    this.used = new BitSet(examples);
  }

  /**
   * Books the places {@code from} up to, not including, {@code to}.
   *
   * @throws IllegalStateException if one of them was booked before or lies outside the epoch
   */
  public void book(int from, int to) {
    if (from < 0 || to < from || to > examples) {
      throw new IllegalStateException(
          "epoch %d: places %d to %d were used, but the epoch has %d examples"
              .formatted(epoch, from, to, examples));
    }
    int twice = used.nextSetBit(from);
    if (twice >= 0 && twice < to) {
      throw new IllegalStateException(
          "epoch %d: the example at place %d was used twice".formatted(epoch, twice));
    }
    used.set(from, to);
  }

  /** Places booked so far. */
  public int booked() {
    return used.cardinality();
  }

  /**
   * Closes the epoch.
   *
   * @throws IllegalStateException if an example was not used
   */
  public void close() {
    if (used.cardinality() != examples) {
      throw new IllegalStateException(
          "epoch %d: %d of %d examples were used; the first left out is at place %d"
              .formatted(epoch, used.cardinality(), examples, used.nextClearBit(0)));
    }
  }
}
