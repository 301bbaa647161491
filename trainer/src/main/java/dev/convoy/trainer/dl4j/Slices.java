package dev.convoy.trainer.dl4j;

import dev.convoy.trainer.averaging.Slicing;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts a state into slices that are merged apart from each other on the executors. As {@link
 * Slicing} does, whose parts however pair each parameter with one momentum: DL4J's updaters keep
 * none, one or several values a parameter, in an order of their own.
 *
 * @param count how many; it does not change the result
 */
record Slices(int count) implements Serializable {

  private static final float[] NOTHING = {};

  /**
   * As many as {@link Slicing#forElements} says.
   *
   * @param length elements of the linear part
   * @param slots tasks that run at the same time
   * @param workers of which each sends all slices
   */
  static Slices of(int length, int slots, int workers) {
    return new Slices(Slicing.forElements(length, slots, workers).slices());
  }

  /** Cuts one worker's state; element s is slice s. */
  List<ReplicaParts> cut(ReplicaParts parts) {
    List<ReplicaParts> cut = new ArrayList<>(count);
    int length = parts.linear().length;
    for (int s = 0; s < count; s++) {
      int from = (int) ((long) length * s / count);
      int to = (int) ((long) length * (s + 1) / count);
      cut.add(
          new ReplicaParts(
              Arrays.copyOfRange(parts.linear(), from, to),
              s == 0 ? parts.means() : NOTHING,
              s == 0 ? parts.deviations() : NOTHING));
    }
    return cut;
  }

  /** Puts merged slices together again, given in their order. */
  static ReplicaParts paste(List<ReplicaParts> merged) {
    float[] linear = new float[merged.stream().mapToInt(part -> part.linear().length).sum()];
    int filled = 0;
    for (ReplicaParts part : merged) {
      System.arraycopy(part.linear(), 0, linear, filled, part.linear().length);
      filled += part.linear().length;
    }
    return new ReplicaParts(linear, merged.get(0).means(), merged.get(0).deviations());
  }
}
