package dev.convoy.trainer.averaging;

import dev.convoy.models.state.NetworkState;
import dev.convoy.models.state.ParameterKind;
import dev.convoy.models.state.ParameterLayout;
import dev.convoy.models.state.ParameterSlot;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes a {@link NetworkState} apart into what is averaged and what is merged, and puts it together
 * again. The order is the network's own flat order within each part, so a running mean and its
 * variance have the same index.
 */
public final class StateLayout implements Serializable {

  private static final long serialVersionUID = 1L;

  private final int length;
  private final ArrayList<ParameterSlot> trainable = new ArrayList<>();
  private final ArrayList<ParameterSlot> means = new ArrayList<>();
  private final ArrayList<ParameterSlot> variances = new ArrayList<>();

  /** The parts of networks with this layout. */
  public StateLayout(ParameterLayout layout) {
    this.length = layout.length();
    for (ParameterSlot slot : layout.slots()) {
      listOf(slot.kind()).add(slot);
    }
  }

  private List<ParameterSlot> listOf(ParameterKind kind) {
    return switch (kind) {
      case WEIGHT, BIAS, NORM_SCALE, NORM_SHIFT -> trainable;
      case RUNNING_MEAN -> means;
      case RUNNING_VARIANCE -> variances;
    };
  }

  /** Splits a state; the result shares no array with it. */
  public WorkerState split(NetworkState state) {
    return new WorkerState(
        gather(state.parameters(), trainable),
        gather(state.momentum(), trainable),
        gather(state.parameters(), means),
        gather(state.parameters(), variances));
  }

  /** Puts a state together; the inverse of {@link #split}. */
  public NetworkState join(WorkerState state) {
    return join(List.of(state));
  }

  /** Puts a state together from its slices, given in their order. */
  public NetworkState join(List<WorkerState> slices) {
    float[] parameters = new float[length];
    float[] momentum = new float[length];
    int place = 0;
    for (WorkerState slice : slices) {
      int first = place;
      int[] taken = {0};
      eachRun(
          first,
          first + slice.trainable().length,
          (offset, count) -> {
            System.arraycopy(slice.trainable(), taken[0], parameters, offset, count);
            System.arraycopy(slice.momentum(), taken[0], momentum, offset, count);
            taken[0] += count;
          });
      place += slice.trainable().length;
    }
    scatter(slices.get(0).means(), means, parameters);
    scatter(slices.get(0).variances(), variances, parameters);
    return new NetworkState(parameters, momentum);
  }

  /** A state's running means. */
  float[] means(NetworkState state) {
    return gather(state.parameters(), means);
  }

  /** A state's running variances. */
  float[] variances(NetworkState state) {
    return gather(state.parameters(), variances);
  }

  /** Number of trainable elements. */
  public int trainable() {
    return length(trainable);
  }

  /** The trainable elements {@code from} to {@code to - 1} of a flat vector. */
  float[] trainable(float[] flat, int from, int to) {
    float[] gathered = new float[to - from];
    int[] filled = {0};
    eachRun(
        from,
        to,
        (offset, count) -> {
          System.arraycopy(flat, offset, gathered, filled[0], count);
          filled[0] += count;
        });
    return gathered;
  }

  /**
   * Goes through the trainable elements {@code from} to {@code to - 1}.
   *
   * @param visitor is told where they lie in the flat vector, run by run
   */
  <E extends Exception> void eachRun(int from, int to, RunVisitor<E> visitor) throws E {
    int place = 0; // of the slot's first element among all trainable ones
    for (ParameterSlot slot : trainable) {
      int first = Math.max(from, place);
      int end = Math.min(to, place + slot.length());
      if (first < end) {
        visitor.visit(slot.offset() + first - place, end - first);
      }
      place += slot.length();
    }
  }

  /** What is done with elements that lie side by side. */
  interface RunVisitor<E extends Exception> {
    void visit(int offset, int count) throws E;
  }

  private static int length(List<ParameterSlot> slots) {
    return slots.stream().mapToInt(ParameterSlot::length).sum();
  }

  private static float[] gather(float[] flat, List<ParameterSlot> slots) {
    float[] gathered = new float[length(slots)];
    int filled = 0;
    for (ParameterSlot slot : slots) {
      System.arraycopy(flat, slot.offset(), gathered, filled, slot.length());
      filled += slot.length();
    }
    return gathered;
  }

  private static void scatter(float[] gathered, List<ParameterSlot> slots, float[] flat) {
    int taken = 0;
    for (ParameterSlot slot : slots) {
      System.arraycopy(gathered, taken, flat, slot.offset(), slot.length());
      taken += slot.length();
    }
  }
}
