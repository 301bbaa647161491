package dev.convoy.trainer.executor;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one place where an executor's JVM keeps something between tasks: its runs, by {@link RunKey}.
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

  private static final Logger LOG = LoggerFactory.getLogger(ExecutorRuns.class);
  private static final ExecutorRuns INSTANCE = new ExecutorRuns(TaskSlots::ofThisProcess);

  private final IntSupplier slots;
  private final SlotGate gate = new SlotGate();
  private final DeviceClaims claims = new DeviceClaims();
  private final Map<RunKey, Entry> runs = new HashMap<>();
  private final ScheduledThreadPoolExecutor timer;

  /**
   * An empty one.
   *
   * @param slots tasks that this executor runs at once, asked for each run
   */
  ExecutorRuns(IntSupplier slots) {
    this.slots = slots;
    this.timer =
        new ScheduledThreadPoolExecutor(
            1,
            work -> {
              Thread thread = new Thread(work, "convoy-idle-runs");
              thread.setDaemon(true);
              return thread;
            });
    timer.setRemoveOnCancelPolicy(true);
  }

  /** This JVM's only instance. */
  public static ExecutorRuns ofThisJvm() {
    return INSTANCE;
  }

  /** What this JVM keeps of a run, made now if it is new here, for as long as the lease is open. */
  public synchronized Lease lease(ExecutorSettings settings) {
    Entry entry = runs.get(settings.key());
    if (entry == null) {
      entry = new Entry(settings, new ExecutorRun(settings, slots.getAsInt(), gate, claims));
      runs.put(settings.key(), entry);
    }
    entry.leases++;
    entry.expiry.cancel(false);
    return new Lease(entry);
  }

  /** Frees what is kept of a run; tasks that still use it go on with what they hold. */
  public void forget(RunKey run) {
    Entry entry;
    synchronized (this) {
      entry = runs.remove(run);
    }
    if (entry != null) {
      entry.run.close();
    }
  }

  /** Runs of which something is kept. */
  synchronized int size() {
    return runs.size();
  }

  private synchronized void leave(Entry entry) {
    entry.leases--;
    if (entry.leases == 0 && isKept(entry)) {
      long uses = ++entry.uses;
      entry.expiry =
          timer.schedule(
              () -> expire(entry, uses),
              entry.settings.limits().idle().toMillis(),
              TimeUnit.MILLISECONDS);
    }
  }

  private void expire(Entry entry, long uses) {
    synchronized (this) {
      // A lease may have been taken, and even given back, since the timer fired.
      if (entry.leases > 0 || entry.uses != uses || !isKept(entry)) {
        return;
      }
      runs.remove(entry.settings.key());
    }
    LOG.info(
        "freed what was kept of {}: no task used it for {}",
        entry.settings.key(),
        entry.settings.limits().idle());
    entry.run.close();
  }

  private boolean isKept(Entry entry) {
    return runs.get(entry.settings.key()) == entry;
  }

  /** One task's use of what is kept of a run. */
  public final class Lease implements AutoCloseable {
    private final Entry entry;

    private Lease(Entry entry) {
      this.entry = entry;
    }

    /** What is kept. */
    public ExecutorRun run() {
      return entry.run;
    }

    @Override
    public void close() {
      leave(entry);
    }
  }

  private static final class Entry {
    private final ExecutorSettings settings;
    private final ExecutorRun run;
    private int leases;
    private long uses;
    private Future<?> expiry = CompletableFuture.completedFuture(0);

    private Entry(ExecutorSettings settings, ExecutorRun run) {
      this.settings = settings;
      this.run = run;
    }
  }
}
