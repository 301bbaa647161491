package dev.convoy.data.storage;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One operation of a store, on a thread of its own: whoever waits for it is told when it is slow,
 * and is let go when it hangs, even where the client below ignores interrupts.
 */
final class TimedOperation {
  private static final Logger LOG = LoggerFactory.getLogger(TimedOperation.class);

  private TimedOperation() {}

  /** What is done. */
  interface Operation<T> {
    T run() throws IOException;
  }

  /**
   * Runs it.
   *
   * @param what it does, such as {@code write s3a://bucket/file}
   * @param progress that it makes; both times begin anew with each
   * @param limit nanoseconds that it may take
   * @param slow nanoseconds after which its slowness is logged; then after twice as long, and so on
   * @throws StoreTimeoutException if it takes longer; it may still be done some time
   */
  static <T> T run(String what, Operation<T> operation, Progress progress, long limit, long slow)
      throws IOException {
    progress.made();
    FutureTask<T> task = new FutureTask<>(operation::run);
    Thread thread = new Thread(task, "convoy-store");
    thread.setDaemon(true);
    thread.start();
    try {
      return await(what, task, progress, limit, slow);
    } catch (TimeoutException e) {
      task.cancel(true);
      throw new StoreTimeoutException(
          "Cannot "
              + what
              + ": the store gave no answer within "
              + seconds(limit)
              + " s (spark.hadoop."
              + Patience.SETTING
              + " says how long it is waited for)");
    } catch (InterruptedException e) {
      task.cancel(true);
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted = new InterruptedIOException("Interrupted: " + what);
      interrupted.initCause(e);
      throw interrupted;
    } catch (ExecutionException e) {
      throw thrownBy(e);
    }
  }

  private static <T> T await(
      String what, FutureTask<T> task, Progress progress, long limit, long slow)
      throws InterruptedException, ExecutionException, TimeoutException {
    long began = progress.last();
    long told = slow;
    while (true) {
      try {
        long waited = System.nanoTime() - began;
        return task.get(Math.min(told, limit) - waited, TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        long last = progress.last();
        if (last != began) {
          began = last;
          told = slow;
        } else if (told >= limit) {
          throw e;
        } else {
          LOG.warn(
              "No answer for {} s to: {}; given up after {} s",
              seconds(told),
              what,
              seconds(limit));
          told *= 2;
        }
      }
    }
  }

  private static long seconds(long nanos) {
    return Math.round(nanos * 1e-9);
  }

  private static IOException thrownBy(ExecutionException e) {
    Throwable cause = e.getCause();
    if (cause instanceof IOException failure) {
      return failure;
    }
    if (cause instanceof RuntimeException failure) {
      throw failure;
    }
    if (cause instanceof Error failure) {
      throw failure;
    }
    throw new IllegalStateException("An operation throws what it does not declare", cause);
  }
}
