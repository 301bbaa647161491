package dev.convoy.trainer.evaluation;

import java.util.Comparator;
import java.util.stream.IntStream;

/** Classes in the order of their probability; of equals the lower index comes first. */
public final class RankedClasses {

  private final int[] ranked;

  private RankedClasses(int[] ranked) {
    this.ranked = ranked;
  }

  /**
   * Ranks one example's classes.
   *
   * @param probabilities of one or more examples
   * @param offset of the example
   * @param classes how many it has
   */
  public static RankedClasses of(float[] probabilities, int offset, int classes) {
    return new RankedClasses(
        IntStream.range(0, classes)
            .boxed()
            .sorted(
                Comparator.<Integer>comparingDouble(c -> -probabilities[offset + c])
                    .thenComparingInt(c -> c))
            .mapToInt(Integer::intValue)
            .toArray());
  }

  /** The class at a rank, from 0. */
  public int classAt(int rank) {
    return ranked[rank];
  }

  /** The rank of a class, from 0. */
  public int rankOf(int label) {
    for (int rank = 0; rank < ranked.length; rank++) {
      if (ranked[rank] == label) {
        return rank;
      }
    }
    throw new IllegalArgumentException(
        "class %d is not among the network's %d".formatted(label, ranked.length));
  }
}
