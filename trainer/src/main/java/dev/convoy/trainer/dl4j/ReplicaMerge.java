package dev.convoy.trainer.dl4j;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.function.FlatMapFunction;
import scala.Tuple2;

/** Merges the one slice that a reduce task is given, whatever order its parts arrived in. */
final class ReplicaMerge
    implements FlatMapFunction<Iterator<Tuple2<Integer, SlicePart>>, MergedPart> {

  private static final long serialVersionUID = 1L;

  private final PartMerge merge;

  ReplicaMerge(PartMerge merge) {
    this.merge = merge;
  }

  @Override
  public Iterator<MergedPart> call(Iterator<Tuple2<Integer, SlicePart>> arrived) {
    List<SlicePart> parts = new ArrayList<>();
    int slice = -1;
    while (arrived.hasNext()) {
      Tuple2<Integer, SlicePart> part = arrived.next();
      slice = part._1();
      parts.add(part._2());
    }
    parts.sort(Comparator.comparingInt(SlicePart::worker));
    checkComplete(parts);
    List<RoundReport> reports = parts.stream().flatMap(part -> part.reports().stream()).toList();
    ReplicaParts merged = merge.merge(parts.stream().map(SlicePart::parts).toList());
    return List.of(new MergedPart(slice, merged, reports)).iterator();
  }

  private void checkComplete(List<SlicePart> parts) {
    int[] came = parts.stream().mapToInt(SlicePart::worker).toArray();
    int[] due = IntStream.range(0, merge.workersWithBatches()).toArray();
    if (!Arrays.equals(came, due)) {
      throw new IllegalStateException(
          "a slice came from the workers %s; one from each of %s is needed"
              .formatted(Arrays.toString(came), Arrays.toString(due)));
    }
  }
}
