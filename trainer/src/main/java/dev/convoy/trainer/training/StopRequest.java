package dev.convoy.trainer.training;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.util.ShutdownHookManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns SIGINT and SIGTERM into an orderly end: the round under way is cancelled, the last
 * completed one is saved, and only then do Spark and Hadoop go down.
 *
 * <p>It is a hook of Hadoop's {@link ShutdownHookManager} with a priority above Spark's, because a
 * plain JVM hook would race Spark's own and the closing of all file systems.
 */
public final class StopRequest {

  /** Exit code of an interrupted run. */
  public static final int EXIT_CODE = 130;

  /** As of a store that fails: what hangs after a signal is a store or a cluster. */
  private static final int NOT_SAVED = 4;

  private static final Logger LOG = LoggerFactory.getLogger(StopRequest.class);

  /** Spark stops its context at 50, Hadoop closes file systems at 10; higher comes earlier. */
  private static final int PRIORITY = 100;

  private static final Duration GRACE = Duration.ofMinutes(2);
  private static final Duration AGAIN = Duration.ofSeconds(1);

  private final AtomicBoolean requested = new AtomicBoolean();
  private final List<Runnable> underWay = new CopyOnWriteArrayList<>();
  private final AtomicInteger exitCode = new AtomicInteger(EXIT_CODE);
  private final CountDownLatch ended = new CountDownLatch(1);

  /** Listens for signals from now on. */
  public void install() {
    ShutdownHookManager.get()
        .addShutdownHook(
            this::onShutdown, PRIORITY, GRACE.plusSeconds(10).toSeconds(), TimeUnit.SECONDS);
  }

  /**
   * From now on there is work that has to end before the process does.
   *
   * @param cancel makes it end soon, such as by cancelling Spark's jobs; it may run many times
   */
  public void onStop(Runnable cancel) {
    underWay.add(cancel);
  }

  /** This work is over: a stop has nothing to do with it any more. */
  void over(Runnable cancel) {
    underWay.remove(cancel);
  }

  /** Whether a stop was asked for. */
  public boolean requested() {
    return requested.get();
  }

  /**
   * Ends the run if a stop was asked for.
   *
   * @throws InterruptedRunException if so
   */
  public void check() {
    if (requested()) {
      throw new InterruptedRunException();
    }
  }

  /** Asks for a stop, as a signal does. */
  public void request() {
    requested.set(true);
    underWay.forEach(Runnable::run);
  }

  /**
   * Says that the command's work is over, and the exit code that it has even after a signal: a run
   * that was not saved is not one that was merely interrupted.
   */
  public void ended(int code) {
    exitCode.set(code);
    ended.countDown();
  }

  private void onShutdown() {
    if (ended.getCount() == 0 || underWay.isEmpty()) {
      return; // the ordinary end of a command, or nothing that would have to be saved
    }
    LOG.warn("asked to stop: saving the last completed round");
    boolean saved = false;
    try {
      saved = stopped(AGAIN, GRACE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!saved) {
      LOG.error("the run did not come to its end within {} s; ending it here", GRACE.toSeconds());
    }
    // Not System.exit, which would wait for this very hook.
    Runtime.getRuntime().halt(saved ? exitCode.get() : NOT_SAVED);
  }

  /**
   * Asks for a stop until it is done. Once is not enough: what is cancelled are the jobs of that
   * moment, and between two of them there is none.
   *
   * @return whether the command ended in time
   */
  boolean stopped(Duration again, Duration grace) throws InterruptedException {
    long deadline = System.nanoTime() + grace.toNanos();
    do {
      try {
        request();
      } catch (RuntimeException e) {
        LOG.warn("the work under way could not be cancelled; trying again", e);
      }
      if (ended.await(again.toNanos(), TimeUnit.NANOSECONDS)) {
        return true;
      }
    } while (System.nanoTime() < deadline);
    return false;
  }
}
