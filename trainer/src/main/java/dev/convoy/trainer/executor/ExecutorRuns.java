package dev.convoy.trainer.executor;

import java.util.function.IntSupplier;

/**
 * The one place where an executor's JVM keeps something of {@code convoy}'s jobs between tasks: its
 * runs, by {@link RunKey}.
 *
 * <p><b>What is kept of a run</b> ({@link ExecutorRun}): networks with their buffers outside the
 * heap, at most one for each task slot; encoded shards and batches loaded ahead, up to {@link
 * CacheLimits}; the plans of the last epochs. Runs share nothing, whether of one application or of
 * several in one JVM; only the {@link SlotGate}, which counts who is busy, is of all of them.
 *
 * <p><b>How long.</b> A task holds a {@link Lease} while it works, and nothing is freed under it.
 * An entry goes when the run ends and {@link RunRelease} reaches this executor, when no task had a
 * lease on it for the idle time of its limits (Spark has no call that reaches every executor, and a
 * driver may die), or with the JVM. A task that comes later starts anew: all of it is a cache.
 */
public final class ExecutorRuns {

  private static final ExecutorRuns INSTANCE = new ExecutorRuns(TaskSlots::ofThisProcess);

  private final IntSupplier slots;
  private final SlotGate gate = new SlotGate();
  private final DeviceClaims claims = new DeviceClaims();
  private final LeasedCache<RunKey, ExecutorRun> runs =
      new LeasedCache<>("convoy-idle-runs", ExecutorRun::close);

  /**
   * An empty one.
   *
   * @param slots tasks that this executor runs at once, asked for each run
   */
  ExecutorRuns(IntSupplier slots) {
    this.slots = slots;
  }

  /** This JVM's only instance. */
  public static ExecutorRuns ofThisJvm() {
    return INSTANCE;
  }

  /** What this JVM keeps of a run, made now if it is new here, for as long as the lease is open. */
  public Lease lease(ExecutorSettings settings) {
    return new Lease(
        runs.lease(
            settings.key(),
            settings.limits().idle(),
            () -> new ExecutorRun(settings, slots.getAsInt(), gate, claims)));
  }

  /** Frees what is kept of a run; tasks that still use it go on with what they hold. */
  public void forget(RunKey run) {
    runs.forget(run);
  }

  /** Runs of which something is kept. */
  int size() {
    return runs.size();
  }

  /** One task's use of what is kept of a run. */
  public static final class Lease implements AutoCloseable {
    private final LeasedCache<RunKey, ExecutorRun>.Lease lease;

    private Lease(LeasedCache<RunKey, ExecutorRun>.Lease lease) {
      this.lease = lease;
    }

    /** What is kept. */
    public ExecutorRun run() {
      return lease.value();
    }

    @Override
    public void close() {
      lease.close();
    }
  }
}
