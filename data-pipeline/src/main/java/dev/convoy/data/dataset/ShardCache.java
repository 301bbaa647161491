package dev.convoy.data.dataset;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Keeps the shards used last in memory, up to a number of bytes. Safe for concurrent use: a shard
 * that several threads want is loaded once, and the others wait for it. Failures are not kept. The
 * bound covers what is kept (encoded images and their ids); shards being loaded or in use come on
 * top, and a shard above the bound is handed out without being kept.
 */
public final class ShardCache {
  // Objects, references and array headers of one example, roughly.
  private static final int EXAMPLE_OVERHEAD_BYTES = 120;

  /** Two for each of fifty characters. */
  private static final int USUAL_ID_BYTES = 100;

  private final ShardLoader loader;
  private final long maxBytes;
  private final Map<ShardEntry, CompletableFuture<List<Example>>> loading = new HashMap<>();
  private final LinkedHashMap<ShardEntry, Kept> kept = new LinkedHashMap<>(16, 0.75f, true);
  private long keptBytes;

  private record Kept(List<Example> examples, long bytes) {}

  /**
   * Starts empty.
   *
   * @param maxBytes what may be kept, 0 for nothing
   */
  public ShardCache(ShardLoader loader, long maxBytes) {
    if (maxBytes < 0) {
      throw new IllegalArgumentException("maxBytes is " + maxBytes + "; it must be >= 0");
    }
    this.loader = loader;
    this.maxBytes = maxBytes;
  }

  /** About what keeping a shard takes, with ids of usual lengths. */
  public static long estimate(ShardEntry shard) {
    return shard.bytes() + (long) shard.examples() * (EXAMPLE_OVERHEAD_BYTES + USUAL_ID_BYTES);
  }

  /** About what keeping all of these takes. */
  public static long estimate(List<ShardEntry> shards) {
    return shards.stream().mapToLong(ShardCache::estimate).sum();
  }

  /** The examples of a shard, which nobody may change. */
  public List<Example> get(ShardEntry shard) throws IOException {
    while (true) {
      CompletableFuture<List<Example>> pending;
      synchronized (this) {
        Kept present = kept.get(shard);
        if (present != null) {
          return present.examples();
        }
        pending = loading.get(shard);
        if (pending == null) {
          loading.put(shard, new CompletableFuture<>());
        }
      }
      if (pending == null) {
        return load(shard);
      }
      try {
        return pending.get();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw interrupted(shard, e);
      } catch (ExecutionException e) {
        // Whoever loaded was stopped: that says nothing about the shard, so try it here.
        if (!isInterruption(e.getCause())) {
          throw rethrown(shard, e.getCause());
        }
      }
    }
  }

  /** Whether a shard would be had without loading it; that may change at any time. */
  public synchronized boolean keeps(ShardEntry shard) {
    return kept.containsKey(shard);
  }

  /** What is kept at the moment, for the record. */
  public synchronized long keptBytes() {
    return keptBytes;
  }

  private List<Example> load(ShardEntry shard) throws IOException {
    List<Example> examples;
    try {
      examples = List.copyOf(loader.load(shard));
    } catch (Throwable failure) {
      finished(shard).completeExceptionally(failure);
      throw failure;
    }
    CompletableFuture<List<Example>> waiters;
    synchronized (this) {
      keep(shard, examples);
      waiters = finished(shard);
    }
    waiters.complete(examples);
    return examples;
  }

  private synchronized CompletableFuture<List<Example>> finished(ShardEntry shard) {
    return loading.remove(shard);
  }

  private void keep(ShardEntry shard, List<Example> examples) {
    long bytes = 0;
    for (Example example : examples) {
      bytes += example.bytes().length + 2L * example.id().length() + EXAMPLE_OVERHEAD_BYTES;
    }
    if (bytes > maxBytes) {
      return;
    }
    Iterator<Kept> oldestFirst = kept.values().iterator();
    while (keptBytes + bytes > maxBytes) {
      keptBytes -= oldestFirst.next().bytes();
      oldestFirst.remove();
    }
    kept.put(shard, new Kept(examples, bytes));
    keptBytes += bytes;
  }

  private static boolean isInterruption(Throwable failure) {
    return failure instanceof InterruptedIOException
        || failure instanceof ClosedByInterruptException
        || (failure != null && failure.getCause() instanceof ClosedByInterruptException);
  }

  private static InterruptedIOException interrupted(ShardEntry shard, Exception cause) {
    InterruptedIOException interrupted =
        new InterruptedIOException("Interrupted while waiting for " + shard.file());
    interrupted.initCause(cause);
    return interrupted;
  }

  private static IOException rethrown(ShardEntry shard, Throwable failure) {
    if (failure instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    return new IOException("Cannot load " + shard.file() + ": " + failure.getMessage(), failure);
  }
}
