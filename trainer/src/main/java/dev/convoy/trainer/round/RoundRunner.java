package dev.convoy.trainer.round;

import dev.convoy.models.engine.backend.Device;
import dev.convoy.models.state.NetworkState;
import dev.convoy.trainer.averaging.Slicing;
import dev.convoy.trainer.averaging.StateLayout;
import dev.convoy.trainer.executor.Broadcasts;
import dev.convoy.trainer.executor.ExecutorLocation;
import dev.convoy.trainer.executor.PlacedTasks;
import dev.convoy.trainer.executor.RunRelease;
import dev.convoy.trainer.executor.SharedGpus;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.rdd.ShuffledRDD;
import scala.Tuple2;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * Runs rounds: each is one Spark job of W tasks, whose results are cut into slices, shuffled, and
 * merged slice by slice on the executors; the driver sends one state and receives one.
 */
public final class RoundRunner implements AutoCloseable {

  private static final List<ExecutorLocation> NOWHERE = List.of();

  private final JavaSparkContext spark;
  private final RunSettings settings;
  private final StateLayout layout;
  private final Broadcast<RunSettings> broadcastSettings;
  private final Set<ExecutorLocation> executors = new LinkedHashSet<>();
  private final OvertakenAttempts overtaken = new OvertakenAttempts();

  /** For each worker, where its next batches are loaded ahead. */
  private List<List<ExecutorLocation>> preferred;

  /** A runner for one run; close it when the run ends. */
  public RoundRunner(JavaSparkContext spark, RunSettings settings, StateLayout layout) {
    this.spark = spark;
    this.settings = settings;
    this.layout = layout;
    this.broadcastSettings = spark.broadcast(settings);
    this.preferred = Collections.nCopies(settings.plan().workers(), NOWHERE);
    spark.sc().addSparkListener(overtaken);
  }

  /**
   * Runs one round, the last one or one after which it is not known what follows.
   *
   * @param spec which
   * @param start the state from which every worker starts
   * @throws dev.convoy.data.InvalidRequestException if executors were given the same GPU
   */
  public RoundOutcome run(RoundSpec spec, NetworkState start) {
    return run(spec, List.of(), start);
  }

  /**
   * Runs one round, after which executors load the batches of the following one ahead.
   *
   * @param spec which
   * @param following the round after it, of the same epoch or of the next one
   * @param start the state from which every worker starts
   */
  public RoundOutcome run(RoundSpec spec, RoundSpec following, NetworkState start) {
    return run(spec, List.of(following), start);
  }

  private RoundOutcome run(RoundSpec spec, List<RoundSpec> following, NetworkState start) {
    long started = System.nanoTime();
    if (settings.executor().profile().device().equals(Device.Gpu.KIND)) {
      SharedGpus.refuse(spark);
    }
    int workers = settings.plan().workers();
    Slicing slicing = Slicing.forMerging(layout.trainable(), spark.defaultParallelism(), workers);
    Broadcast<NetworkState> startState = spark.broadcast(start);
    JavaRDD<MergedSlice> merged = null;
    try {
      JavaPairRDD<Integer, SliceResult> results =
          PlacedTasks.of(spark, preferred)
              .flatMapToPair(
                  new WorkerRound(broadcastSettings, startState, spec, following, slicing));
      overtaken.begin(results.rdd().id());
      merged =
          shuffled(results, slicing)
              .mapPartitions(new SliceMerge(slicing, workers, layout, startState));
      List<MergedSlice> slices = new ArrayList<>(merged.collect());
      slices.sort(Comparator.comparingInt(MergedSlice::slice));
      List<WorkerReport> reports = slices.get(0).reports();
      NetworkState average =
          reports.stream().anyMatch(report -> report.averagedExamples() > 0)
              ? layout.join(slices.stream().map(MergedSlice::state).toList())
              : start;
      remember(reports, following);
      return new RoundOutcome(
          average,
          reports,
          Straggler.among(reports, overtaken.soFar()),
          (System.nanoTime() - started) * 1e-9);
    } finally {
      Broadcasts.destroy(spark, startState);
      if (merged != null && !spark.sc().isStopped()) {
        // Otherwise the files stay until the driver's garbage collector finds the RDD.
        merged.rdd().cleanShuffleDependencies(false);
      }
    }
  }

  /** The workers' results by slice. */
  private static JavaRDD<Tuple2<Integer, SliceResult>> shuffled(
      JavaPairRDD<Integer, SliceResult> results, Slicing slicing) {
    ClassTag<Integer> slice = ClassTag$.MODULE$.apply(Integer.class);
    ClassTag<SliceResult> result = ClassTag$.MODULE$.apply(SliceResult.class);
    ClassTag<Tuple2<Integer, SliceResult>> pair = ClassTag$.MODULE$.apply(Tuple2.class);
    return JavaRDD.fromRDD(
        new ShuffledRDD<Integer, SliceResult, SliceResult>(
                results.rdd(), new SlicePartitioner(slicing.slices()), slice, result, result)
            .setSerializer(new SliceSerializer()),
        pair);
  }

  private void remember(List<WorkerReport> reports, List<RoundSpec> following) {
    List<ExecutorLocation> locations = reports.stream().map(WorkerReport::location).toList();
    executors.addAll(locations);
    boolean ahead = !following.isEmpty() && settings.executor().limits().prefetchBytes() > 0;
    preferred = locations.stream().map(where -> ahead ? List.of(where) : NOWHERE).toList();
  }

  /** Asks the executors to forget the run; those that are not reached forget it by themselves. */
  @Override
  public void close() {
    if (!spark.sc().isStopped()) {
      spark.sc().removeSparkListener(overtaken);
      RunRelease.everywhere(spark, settings.executor().key(), executors);
      Broadcasts.destroy(spark, broadcastSettings);
    }
  }
}
