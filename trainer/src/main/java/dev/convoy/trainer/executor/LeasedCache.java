package dev.convoy.trainer.executor;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a JVM keeps between tasks, by keys. A task holds a {@link Lease} while it works, and nothing
 * is freed under it; what no task had a lease on for its idle time is freed without anybody asking.
 * A task that comes later starts anew.
 */
public final class LeasedCache<K, V> {

  private static final Logger LOG = LoggerFactory.getLogger(LeasedCache.class);

  private final Map<K, Entry> entries = new HashMap<>();
  private final Consumer<V> freeing;
  private final ScheduledThreadPoolExecutor timer;

  /**
   * An empty one.
   *
   * @param thread name of the one that waits for idle times
   * @param freeing frees a value, once
   */
  public LeasedCache(String thread, Consumer<V> freeing) {
    this.freeing = freeing;
    this.timer =
        new ScheduledThreadPoolExecutor(
            1,
            work -> {
              Thread waiting = new Thread(work, thread);
              waiting.setDaemon(true);
              return waiting;
            });
    timer.setRemoveOnCancelPolicy(true);
  }

  /**
   * What is kept under a key, for as long as the lease is open.
   *
   * @param idle after so long without a lease it is freed; that of an entry's first lease counts
   * @param made makes it if it is new here
   */
  public synchronized Lease lease(K key, Duration idle, Supplier<V> made) {
    Entry entry = entries.get(key);
    if (entry == null) {
      entry = new Entry(key, idle, made.get());
      entries.put(key, entry);
    }
    entry.leases++;
    entry.expiry.cancel(false);
    return new Lease(entry);
  }

  /** Frees what is kept under a key; tasks that still use it go on with what they hold. */
  public void forget(K key) {
    Entry entry;
    synchronized (this) {
      entry = entries.remove(key);
    }
    if (entry != null) {
      freeing.accept(entry.value);
    }
  }

  /** Keys under which something is kept. */
  public synchronized int size() {
    return entries.size();
  }

  private synchronized void leave(Entry entry) {
    entry.leases--;
    if (entry.leases == 0 && isKept(entry)) {
      long uses = ++entry.uses;
      entry.expiry =
          timer.schedule(() -> expire(entry, uses), entry.idle.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void expire(Entry entry, long uses) {
    synchronized (this) {
      // A lease may have been taken, and even given back, since the timer fired.
      if (entry.leases > 0 || entry.uses != uses || !isKept(entry)) {
        return;
      }
      entries.remove(entry.key);
    }
    LOG.info("freeing what is kept of {}: no task used it for {}", entry.key, entry.idle);
    try {
      freeing.accept(entry.value);
    } catch (RuntimeException e) {
      LOG.error("what was kept of {} could not be freed", entry.key, e); // nobody waits for this
    }
  }

  private boolean isKept(Entry entry) {
    return entries.get(entry.key) == entry;
  }

  /** One task's use of what is kept. */
  public final class Lease implements AutoCloseable {
    private final Entry entry;

    private Lease(Entry entry) {
      this.entry = entry;
    }

    /** What is kept. */
    public V value() {
      return entry.value;
    }

    @Override
    public void close() {
      leave(entry);
    }
  }

  private final class Entry {
    private final K key;
    private final Duration idle;
    private final V value;
    private int leases;
    private long uses;
    private Future<?> expiry = CompletableFuture.completedFuture(0);

    private Entry(K key, Duration idle, V value) {
      this.key = key;
      this.idle = idle;
      this.value = value;
    }
  }
}
