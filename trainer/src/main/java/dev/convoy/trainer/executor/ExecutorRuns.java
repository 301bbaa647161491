package dev.convoy.trainer.executor;

import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/**
 * The one place where an executor's JVM keeps something between tasks: its runs, by name.
 *
 * <p>Spark has no call that reaches every executor at a run's end, so an entry goes in one of three
 * ways: the driver's clean-up task finds it, another run starts and this one was not used for
 * {@link #IDLE}, or the JVM ends.
 */
public final class ExecutorRuns {

  /** A run that no task used for so long is forgotten when another one starts. */
  static final Duration IDLE = Duration.ofMinutes(10);

  private static final ExecutorRuns INSTANCE = new ExecutorRuns();

  private final Map<String, Entry> runs = new HashMap<>();
  private final DeviceClaims claims = new DeviceClaims();

  private ExecutorRuns() {}

  /** This JVM's only instance. */
  public static ExecutorRuns ofThisJvm() {
    return INSTANCE;
  }

  /** What this JVM keeps of a run, made now if it is new here. */
  public synchronized ExecutorRun get(ExecutorSettings settings) {
    Entry entry = runs.get(settings.run());
    if (entry == null) {
      closeIdle();
      entry = new Entry(new ExecutorRun(settings, claims));
      runs.put(settings.run(), entry);
    }
    entry.lastUse = System.nanoTime();
    return entry.run;
  }

  /** Frees what is kept of a run; tasks that still use it go on with what they hold. */
  public synchronized void forget(String run) {
    Entry entry = runs.remove(run);
    if (entry != null) {
      entry.run.close();
    }
  }

  private void closeIdle() {
    long now = System.nanoTime();
    Iterator<Entry> entries = runs.values().iterator();
    while (entries.hasNext()) {
      Entry entry = entries.next();
      if (now - entry.lastUse > IDLE.toNanos()) {
        entry.run.close();
        entries.remove();
      }
    }
  }

  private static final class Entry {
    private final ExecutorRun run;
    private long lastUse;

    private Entry(ExecutorRun run) {
      this.run = run;
    }
  }
}
