package dev.convoy.trainer.round;

import dev.convoy.data.batch.ImageBatch;
import dev.convoy.data.plan.EpochPlan;
import dev.convoy.models.state.NetworkState;
import dev.convoy.models.training.TrainingReplica;
import dev.convoy.trainer.averaging.EndState;
import dev.convoy.trainer.averaging.Slicing;
import dev.convoy.trainer.averaging.StateLayout;
import dev.convoy.trainer.averaging.WireState;
import dev.convoy.trainer.averaging.WorkerSlice;
import dev.convoy.trainer.executor.BatchPlace;
import dev.convoy.trainer.executor.BatchPrefetch;
import dev.convoy.trainer.executor.ExecutorLocation;
import dev.convoy.trainer.executor.ExecutorRun;
import dev.convoy.trainer.executor.ExecutorRuns;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import scala.Tuple2;

/**
 * One logical worker's round, on an executor: from the round's starting state, through its planned
 * batches, to its slices of the average. A pure function of its arguments; it may be retried or run
 * twice at a time.
 */
final class WorkerRound implements PairFlatMapFunction<Integer, Integer, SliceResult> {

  private static final long serialVersionUID = 1L;

  private final Broadcast<RunSettings> settings;
  private final Broadcast<NetworkState> start;
  private final RoundSpec spec;
  private final List<RoundSpec> following;
  private final Slicing slicing;

  /**
   * A round of any worker.
   *
   * @param following the round after it, whose batches are then loaded ahead, or nothing
   */
  WorkerRound(
      Broadcast<RunSettings> settings,
      Broadcast<NetworkState> start,
      RoundSpec spec,
      List<RoundSpec> following,
      Slicing slicing) {
    this.settings = settings;
    this.start = start;
    this.spec = spec;
    this.following = following;
    this.slicing = slicing;
  }

  @Override
  public Iterator<Tuple2<Integer, SliceResult>> call(Integer worker) throws Exception {
    try (ExecutorRuns.Lease lease = ExecutorRuns.ofThisJvm().lease(settings.value().executor());
        ExecutorRun.Loan loan = lease.run().borrow()) {
      return slices(train(lease.run(), loan, worker));
    }
  }

  private void begin(TrainingReplica replica, int worker) {
    replica.restore(start.value());
    replica.seedRound(roundSeed(settings.value().plan().seed(), spec.round(), worker));
  }

  private Trained train(ExecutorRun run, ExecutorRun.Loan loan, int worker) throws Exception {
    TrainingReplica replica = loan.replica();
    WorkerBatches batches = new WorkerBatches(run, settings.value());
    BatchPrefetch prefetch = run.prefetch();
    prefetch.dropBefore(spec.epoch(), spec.firstStep());
    EpochPlan plan = batches.plan(spec.epoch());
    int first = plan.start(worker, spec.firstStep());
    int place = first;
    int prefetched = 0;
    double lossSum = 0;
    long loading = 0;
    long computing = 0;
    boolean finite = true;
    begin(replica, worker);
    for (int i = 0; finite && i < spec.steps(); i++) {
      // Native code ignores interrupts: between steps is where a cancelled attempt can end.
      TaskContext.get().killTaskIfInterrupted();
      long started = System.nanoTime();
      Optional<ImageBatch> ahead = prefetch.take(place(worker, i));
      prefetched += ahead.isPresent() ? 1 : 0;
      ImageBatch batch =
          ahead.isPresent() ? ahead.get() : batches.load(place(worker, i), spec.endStep());
      long loaded = System.nanoTime();
      loading += loaded - started;
      if (batch.count() == 0) {
        continue;
      }
      double loss = replica.step(batch.features(), batch.labels(), spec.learningRates()[i]);
      computing += System.nanoTime() - loaded;
      finite = Double.isFinite(loss);
      lossSum += loss * batch.count();
      place += batch.count();
    }
    for (RoundSpec next : following) {
      // Its own: this one's examples are not those of the next round.
      WorkerBatches ahead = new WorkerBatches(run, settings.value());
      prefetch.order(ahead, worker, next.epoch(), next.firstStep(), next.endStep());
    }
    EndState end =
        new EndState(
            settings.value().wire(),
            new StateLayout(replica.layout()),
            start.value(),
            replica.capture());
    // The loss is that before its step: the last step shows in the parameters alone.
    finite &= end.isFinite();
    ExecutorLocation here = ExecutorLocation.here();
    WorkerReport report =
        new WorkerReport(
            worker,
            first,
            finite ? place : plan.start(worker, spec.endStep()),
            lossSum,
            loading * 1e-9,
            computing * 1e-9,
            prefetched,
            loan.isWarm(),
            here.host(),
            here.executor(),
            finite ? List.of() : divergedAt(replica, batches, worker));
    return new Trained(report, end);
  }

  /**
   * The batch after which not all numbers were finite. The round is done again to find it: a
   * network may show a finite loss long after a parameter is lost, and looking at all of them after
   * each step would cost every round.
   */
  private List<String> divergedAt(TrainingReplica replica, WorkerBatches batches, int worker)
      throws IOException {
    List<String> last = List.of();
    begin(replica, worker);
    for (int i = 0; i < spec.steps(); i++) {
      TaskContext.get().killTaskIfInterrupted();
      ImageBatch batch = batches.load(place(worker, i), spec.endStep());
      if (batch.count() == 0) {
        continue;
      }
      last = batch.ids();
      double loss = replica.step(batch.features(), batch.labels(), spec.learningRates()[i]);
      if (!Double.isFinite(loss) || !replica.capture().isFinite()) {
        break;
      }
    }
    return last; // of the round's last batch if only what was to be sent is not finite
  }

  private BatchPlace place(int worker, int step) {
    return new BatchPlace(spec.epoch(), spec.firstStep() + step, worker);
  }

  private record Trained(WorkerReport report, EndState end) {}

  private Iterator<Tuple2<Integer, SliceResult>> slices(Trained trained) {
    WorkerReport report = trained.report();
    List<Tuple2<Integer, SliceResult>> results = new ArrayList<>();
    for (int slice = 0; slice < slicing.slices(); slice++) {
      SliceResult result =
          report.averagedExamples() > 0
              ? new SliceResult.Uncut(report, trained.end(), slicing, slice)
              : new WorkerResult(
                  new WorkerSlice(report.worker(), slice, 0, WireState.NONE),
                  slice == 0 ? List.of(report) : List.of());
      results.add(new Tuple2<>(slice, result));
    }
    return results.iterator();
  }

  /** The seed of what is drawn during a round (dropout), apart for every (seed, round, worker). */
  static long roundSeed(long seed, long round, int worker) {
    long mixed = 0;
    for (long part : new long[] {seed, round, worker}) {
      // SplitMix64's finaliser after each part.
      mixed += 0x9E3779B97F4A7C15L * (part + 1);
      mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
      mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
      mixed ^= mixed >>> 31;
    }
    return mixed;
  }
}
