package dev.convoy.trainer.round;

import dev.convoy.models.state.NetworkState;
import dev.convoy.models.state.ParameterLayout;
import dev.convoy.models.state.ParameterSlot;
import dev.convoy.trainer.averaging.Slicing;
import dev.convoy.trainer.averaging.WireState;
import dev.convoy.trainer.averaging.WorkerSlice;
import dev.convoy.trainer.averaging.WorkerState;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.serializer.Serializer;

/**
 * What a round sends, without its content, so that the way can be tried.
 *
 * @param broadcast what goes to the executors: the run's settings and the starting state
 * @param shuffled what goes from a worker to a merge: a slice and a report
 * @param result what goes from a merge to the driver, in one piece
 * @param results how many such pieces the driver receives
 */
public record RoundMessages(List<Object> broadcast, Object shuffled, Object[] result, int results) {

  /**
   * A run's messages at their real size.
   *
   * @param layout of its network
   * @param slots tasks that run at a time
   */
  public static RoundMessages of(RunSettings settings, ParameterLayout layout, int slots) {
    int trainable = 0;
    for (ParameterSlot slot : layout.slots()) {
      trainable += slot.kind().trainable() ? slot.length() : 0;
    }
    Slicing slicing = Slicing.forMerging(trainable, slots, settings.plan().workers());
    int longest = (trainable + slicing.slices() - 1) / slicing.slices();
    int means = (layout.length() - trainable) / 2;
    return of(settings, layout.length(), longest, means, slicing.slices());
  }

  /** What {@link #shuffled} goes through, whatever Spark's own serializer is. */
  public static Serializer shuffle() {
    return new SliceSerializer();
  }

  /** The same messages with hardly anything in them. */
  public static RoundMessages small(RunSettings settings) {
    return of(settings, 1, 1, 1, 1);
  }

  private static RoundMessages of(
      RunSettings settings, int length, int trainable, int means, int slices) {
    List<WorkerReport> reports =
        IntStream.range(0, settings.plan().workers()).mapToObj(RoundMessages::report).toList();
    WorkerSlice sent = new WorkerSlice(0, 0, 1, WireState.zeros(settings.wire(), trainable, means));
    WorkerState merged =
        new WorkerState(
            new float[trainable], new float[trainable], new float[means], new float[means]);
    return new RoundMessages(
        List.of(settings, NetworkState.atRest(new float[length])),
        new WorkerResult(sent, reports.subList(0, 1)),
        new Object[] {new MergedSlice(0, merged, reports)},
        slices);
  }

  private static WorkerReport report(int worker) {
    return new WorkerReport(worker, 0, 1, 0, 0, 0, 0, true, "host", "executor", List.of("example"));
  }
}
