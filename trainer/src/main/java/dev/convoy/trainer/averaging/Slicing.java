package dev.convoy.trainer.averaging;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

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

  private static final float[] NOTHING = {};

  /** Checks the count. */
  public Slicing {
    if (slices < 1) {
      throw new IllegalArgumentException("slices is " + slices + "; at least 1 is needed");
    }
  }

  /**
   * As many slices as there are task slots, but none smaller than is worth its while.
   *
   * @param trainable trainable parameters of the network
   * @param slots tasks that run at the same time
   */
  public static Slicing forSize(int trainable, int slots) {
    return new Slicing(Math.max(1, Math.min(slots, trainable / SMALLEST)));
  }

  /** Cuts one worker's state. */
  public List<WorkerSlice> cut(int worker, WorkerState state) {
    List<WorkerSlice> cut = new ArrayList<>(slices);
    for (int s = 0; s < slices; s++) {
      int from = from(s, state.trainable().length);
      int to = from(s + 1, state.trainable().length);
      cut.add(
          new WorkerSlice(
              worker,
              s,
              new WorkerState(
                  Arrays.copyOfRange(state.trainable(), from, to),
                  Arrays.copyOfRange(state.momentum(), from, to),
                  s == 0 ? state.means() : NOTHING,
                  s == 0 ? state.variances() : NOTHING)));
    }
    return cut;
  }

  /**
   * Merges the workers' parts of one slice, whatever order they arrived in.
   *
   * @param parts one of each worker
   * @param shares the workers' shares of the round's examples
   * @throws IllegalStateException if a worker's part is missing or there twice
   */
  public static WorkerState merge(List<WorkerSlice> parts, double[] shares) {
    List<WorkerState> states =
        parts.stream()
            .sorted(Comparator.comparingInt(WorkerSlice::worker))
            .map(WorkerSlice::state)
            .toList();
    int[] workers = parts.stream().mapToInt(WorkerSlice::worker).sorted().toArray();
    for (int k = 0; k < shares.length; k++) {
      if (workers.length != shares.length || workers[k] != k) {
        throw new IllegalStateException(
            "a slice came from the workers %s; one from each of %d is needed"
                .formatted(Arrays.toString(workers), shares.length));
      }
    }
    List<float[]> means = states.stream().map(WorkerState::means).toList();
    return new WorkerState(
        WeightedMerge.mean(states.stream().map(WorkerState::trainable).toList(), shares),
        WeightedMerge.mean(states.stream().map(WorkerState::momentum).toList(), shares),
        WeightedMerge.mean(means, shares),
        WeightedMerge.variance(
            means, states.stream().map(WorkerState::variances).toList(), shares));
  }

  /** Puts merged slices together again, given in their order. */
  public static WorkerState paste(List<WorkerState> merged) {
    int length = merged.stream().mapToInt(s -> s.trainable().length).sum();
    float[] trainable = new float[length];
    float[] momentum = new float[length];
    int filled = 0;
    for (WorkerState slice : merged) {
      System.arraycopy(slice.trainable(), 0, trainable, filled, slice.trainable().length);
      System.arraycopy(slice.momentum(), 0, momentum, filled, slice.momentum().length);
      filled += slice.trainable().length;
    }
    return new WorkerState(trainable, momentum, merged.get(0).means(), merged.get(0).variances());
  }

  private int from(int slice, int length) {
    return (int) ((long) length * slice / slices);
  }
}
