package dev.convoy.trainer.round;

import dev.convoy.models.state.NetworkState;
import dev.convoy.trainer.averaging.Slicing;
import dev.convoy.trainer.averaging.StateLayout;
import dev.convoy.trainer.averaging.WorkerSlice;
import dev.convoy.trainer.averaging.WorkerState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import scala.Tuple2;

/** Merges the one slice that a reduce task is given. */
final class SliceMerge
    implements FlatMapFunction<Iterator<Tuple2<Integer, SliceResult>>, MergedSlice> {

  private static final long serialVersionUID = 1L;

  private final Slicing slicing;
  private final int workers;
  private final StateLayout layout;
  private final Broadcast<NetworkState> start;

  SliceMerge(Slicing slicing, int workers, StateLayout layout, Broadcast<NetworkState> start) {
    this.slicing = slicing;
    this.workers = workers;
    this.layout = layout;
    this.start = start;
  }

  @Override
  public Iterator<MergedSlice> call(Iterator<Tuple2<Integer, SliceResult>> results) {
    List<WorkerSlice> parts = new ArrayList<>();
    List<WorkerReport> reports = new ArrayList<>();
    int slice = -1;
    while (results.hasNext()) {
      Tuple2<Integer, SliceResult> result = results.next();
      WorkerResult worker = (WorkerResult) result._2(); // once written, a slice is cut
      slice = result._1();
      parts.add(worker.part());
      reports.addAll(worker.reports());
    }
    reports.sort(Comparator.comparingInt(WorkerReport::worker));
    WorkerState merged = slicing.merge(slice, parts, workers, layout, start::value);
    return List.of(new MergedSlice(slice, merged, reports)).iterator();
  }
}
