package dev.convoy.trainer.averaging;

import dev.convoy.models.state.NetworkState;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Cuts a state into slices that are merged apart from each other, so that the work and the traffic
 * of an averaging spread over the executors. How many slices there are does not change the result:
 * every element is summed in the order of the workers.
 *
 * @param slices how many; slice s holds the elements {@code n s / slices .. n (s + 1) / slices - 1}
 */
public record Slicing(int slices) implements Serializable {

  /** Fewer elements than this are not worth a task of their own. */
  private static final int SMALLEST = 1 << 16;

  /**
   * Nor are these when slices are written straight from a state: a task takes 10 to 16 ms of
   * processor time before it begins, in which about as many elements of two workers are merged.
   */
  private static final int SMALLEST_MERGE = 1 << 19;

  /** Elements that are summed at a time: 64 KiB of float64. */
  private static final int BLOCK = 1 << 13;

  /** Of the workers' parts that one merge holds. */
  private static final long MERGE_BYTES = 256L << 20;

  private static final int BYTES_EACH = 2 * Float.BYTES; // parameter and momentum

  private static final WorkerState NOTHING =
      new WorkerState(new float[0], new float[0], new float[0], new float[0]);

  /** Checks the count. */
  public Slicing {
    if (slices < 1) {
      throw new IllegalArgumentException("slices is " + slices + "; at least 1 is needed");
    }
  }

  /**
   * As many slices as there are task slots, fewer where they would not be worth a task of their
   * own; or a multiple of that, so that one merge holds at most 256 MiB of the workers' parts.
   *
   * @param length elements of a worker's part
   * @param slots tasks that run at the same time
   * @param workers of which each sends all slices
   */
  public static Slicing forElements(int length, int slots, int workers) {
    int least = Math.max(1, Math.min(slots, length / SMALLEST));
    return bounded(least, (long) length * Float.BYTES * workers);
  }

  /**
   * As many slices as there are task slots, or a multiple of that, so that one merge holds at most
   * 256 MiB of the workers' parts; fewer for networks that are not worth it.
   *
   * @param workers of which each sends all slices
   */
  public static Slicing forMerging(int trainable, int slots, int workers) {
    int least = Math.max(1, Math.min(slots, trainable / SMALLEST_MERGE));
    return bounded(least, (long) trainable * BYTES_EACH * workers);
  }

  private static Slicing bounded(int least, long bytes) {
    long needed = Math.max(least, (bytes + MERGE_BYTES - 1) / MERGE_BYTES);
    return new Slicing(Math.toIntExact((needed + least - 1) / least * least));
  }

  /**
   * Merges the workers' parts of one slice, whatever order they arrived in, by the workers' shares
   * of the examples. Parts without examples are left out.
   *
   * @param slice which
   * @param parts one of each worker
   * @param workers how many there are
   * @param layout of the network
   * @param start the state from which the workers started; asked for only if they sent differences
   * @return an empty state if all parts are left out
   * @throws IllegalStateException if a worker's part is missing or there twice
   */
  public WorkerState merge(
      int slice,
      List<WorkerSlice> parts,
      int workers,
      StateLayout layout,
      Supplier<NetworkState> start) {
    List<WorkerSlice> all =
        parts.stream().sorted(Comparator.comparingInt(WorkerSlice::worker)).toList();
    requireOneOfEach(all, workers);
    List<WorkerSlice> counted = all.stream().filter(part -> part.examples() > 0).toList();
    if (counted.isEmpty()) {
      return NOTHING;
    }
    int from = from(slice, layout.trainable());
    int to = from(slice + 1, layout.trainable());
    List<WireState> states = counted.stream().map(WorkerSlice::state).toList();
    double[] shares =
        WeightedMerge.shares(counted.stream().mapToInt(WorkerSlice::examples).toArray());
    List<float[]> means = states.stream().map(WireState::means).toList();
    List<float[]> variances = states.stream().map(WireState::variances).toList();
    return new WorkerState(
        mean(
            states,
            WireState::trainable,
            shares,
            () -> layout.trainable(start.get().parameters(), from, to)),
        mean(
            states,
            WireState::momentum,
            shares,
            () -> layout.trainable(start.get().momentum(), from, to)),
        WeightedMerge.mean(means, shares),
        WeightedMerge.variance(means, variances, shares));
  }

  private static void requireOneOfEach(List<WorkerSlice> sorted, int workers) {
    int[] found = sorted.stream().mapToInt(WorkerSlice::worker).toArray();
    for (int k = 0; k < Math.max(workers, found.length); k++) {
      if (found.length != workers || found[k] != k) {
        throw new IllegalStateException(
            "a slice came from the workers %s; one from each of %d is needed"
                .formatted(Arrays.toString(found), workers));
      }
    }
  }

  /**
   * Sums block by block in float64, each element in the order of the workers, and rounds once, so
   * that the sums never leave the cache.
   */
  private static float[] mean(
      List<WireState> states,
      Function<WireState, WireVector> part,
      double[] shares,
      Supplier<float[]> start) {
    List<WireVector> vectors = states.stream().map(part).toList();
    WireVector any = vectors.get(0);
    float[] mean = any.needsStart() ? start.get() : new float[any.length()];
    double[] sum = new double[Math.min(BLOCK, mean.length)];
    for (int from = 0; from < mean.length; from += BLOCK) {
      int count = Math.min(BLOCK, mean.length - from);
      for (int i = 0; i < count; i++) {
        sum[i] = any.needsStart() ? mean[from + i] : WeightedMerge.NOTHING;
      }
      for (int k = 0; k < shares.length; k++) {
        vectors.get(k).addTo(sum, shares[k], from, count);
      }
      for (int i = 0; i < count; i++) {
        mean[from + i] = (float) sum[i];
      }
    }
    return mean;
  }

  int from(int slice, int length) {
    return (int) ((long) length * slice / slices);
  }
}
