package dev.convoy.trainer.round;

import dev.convoy.models.state.NetworkState;
import dev.convoy.trainer.averaging.Slicing;
import dev.convoy.trainer.averaging.StateLayout;
import dev.convoy.trainer.executor.ExecutorRuns;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs rounds: each is one Spark job of W tasks, whose results are cut into slices, shuffled, and
 * merged slice by slice on the executors; the driver sends one state and receives one.
 */
public final class RoundRunner implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(RoundRunner.class);
  private static final Duration CLEANUP = Duration.ofSeconds(10);

  private final JavaSparkContext spark;
  private final RunSettings settings;
  private final StateLayout layout;
  private final Broadcast<RunSettings> broadcastSettings;

  /** A runner for one run; close it when the run ends. */
  public RoundRunner(JavaSparkContext spark, RunSettings settings, StateLayout layout) {
    this.spark = spark;
    this.settings = settings;
    this.layout = layout;
    this.broadcastSettings = spark.broadcast(settings);
  }

  /**
   * Runs one round.
   *
   * @param spec which
   * @param start the state from which every worker starts
   */
  public RoundOutcome run(RoundSpec spec, NetworkState start) {
    long started = System.nanoTime();
    int workers = settings.plan().workers();
    Slicing slicing = Slicing.forSize(layout.trainable(), spark.defaultParallelism());
    Broadcast<NetworkState> startState = spark.broadcast(start);
    JavaRDD<MergedSlice> merged = null;
    try {
      JavaPairRDD<Integer, WorkerResult> results =
          spark
              .parallelize(IntStream.range(0, workers).boxed().toList(), workers)
              .flatMapToPair(new WorkerRound(broadcastSettings, startState, spec, slicing));
      merged =
          results
              .partitionBy(new SlicePartitioner(slicing.slices()))
              .mapPartitions(new SliceMerge(slicing, workers, layout, startState));
      List<MergedSlice> slices = new ArrayList<>(merged.collect());
      slices.sort(Comparator.comparingInt(MergedSlice::slice));
      List<WorkerReport> reports = slices.get(0).reports();
      NetworkState average =
          reports.stream().anyMatch(report -> report.averagedExamples() > 0)
              ? layout.join(Slicing.paste(slices.stream().map(MergedSlice::state).toList()))
              : start;
      return new RoundOutcome(average, reports, (System.nanoTime() - started) * 1e-9);
    } finally {
      startState.destroy();
      if (merged != null) {
        // Otherwise the files stay until the driver's garbage collector finds the RDD.
        merged.rdd().cleanShuffleDependencies(false);
      }
    }
  }

  /** Asks the executors to forget the run; those that are not reached forget it by themselves. */
  @Override
  public void close() {
    if (!spark.sc().isStopped()) {
      String run = settings.executor().run();
      int slots = Math.max(1, spark.defaultParallelism());
      JavaFutureAction<Void> forgetting =
          spark
              .parallelize(IntStream.range(0, slots).boxed().toList(), slots)
              .foreachAsync(slot -> ExecutorRuns.ofThisJvm().forget(run));
      try {
        forgetting.get(CLEANUP.toSeconds(), TimeUnit.SECONDS);
      } catch (ExecutionException | TimeoutException e) {
        forgetting.cancel(true);
        LOG.debug("not every executor was reached at the end of the run", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      broadcastSettings.destroy();
    }
  }
}
