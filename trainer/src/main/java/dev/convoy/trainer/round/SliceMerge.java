package dev.convoy.trainer.round;

import dev.convoy.trainer.averaging.Slicing;
import dev.convoy.trainer.averaging.WorkerSlice;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapFunction;
import scala.Tuple2;

/** Merges the one slice that a reduce task is given. */
final class SliceMerge
    implements FlatMapFunction<Iterator<Tuple2<Integer, WorkerResult>>, MergedSlice> {

  private static final long serialVersionUID = 1L;

  private final double[] shares;

  SliceMerge(double[] shares) {
    this.shares = shares;
  }

  @Override
  public Iterator<MergedSlice> call(Iterator<Tuple2<Integer, WorkerResult>> results) {
    List<WorkerSlice> parts = new ArrayList<>();
    List<WorkerReport> reports = new ArrayList<>();
    int slice = -1;
    while (results.hasNext()) {
      Tuple2<Integer, WorkerResult> result = results.next();
      slice = result._1();
      parts.add(result._2().part());
      reports.addAll(result._2().reports());
    }
    reports.sort(Comparator.comparingInt(WorkerReport::worker));
    return List.of(new MergedSlice(slice, Slicing.merge(parts, shares), reports)).iterator();
  }
}
