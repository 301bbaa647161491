package dev.convoy.trainer.averaging;

import dev.convoy.models.state.NetworkState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What {@link EndState} writes without a copy, put together and cut the plain way. */
public final class CutState {

  private CutState() {}

  /** A worker's state in the form in which it travels. */
  public static WireState of(
      WireFormat format, StateLayout layout, NetworkState start, NetworkState end) {
    WorkerState from = layout.split(start);
    WorkerState to = layout.split(end);
    return new WireState(
        vector(format, from.trainable(), to.trainable()),
        vector(format, from.momentum(), to.momentum()),
        to.means(),
        to.variances());
  }

  private static WireVector vector(WireFormat format, float[] from, float[] to) {
    return switch (format) {
      case FLOAT32 -> new Float32Vector(to);
      case BF16 -> new Bfloat16Differences(Bfloat16Differences.values(from, to, 0, to.length));
    };
  }

  /** A worker's parts, the first with all statistics. */
  public static List<WorkerSlice> cut(Slicing slicing, int worker, int examples, WireState state) {
    int length = state.trainable().length();
    List<WorkerSlice> cut = new ArrayList<>();
    for (int s = 0; s < slicing.slices(); s++) {
      int from = slicing.from(s, length);
      int to = slicing.from(s + 1, length);
      WireState part =
          new WireState(
              range(state.trainable(), from, to),
              range(state.momentum(), from, to),
              s == 0 ? state.means() : WireState.NO_STATISTICS,
              s == 0 ? state.variances() : WireState.NO_STATISTICS);
      cut.add(new WorkerSlice(worker, s, examples, part));
    }
    return cut;
  }

  private static WireVector range(WireVector vector, int from, int to) {
    if (vector instanceof Float32Vector floats) {
      return new Float32Vector(Arrays.copyOfRange(floats.values(), from, to));
    }
    short[] values = ((Bfloat16Differences) vector).values();
    return new Bfloat16Differences(Arrays.copyOfRange(values, from, to));
  }
}
