package dev.convoy.trainer.training;

import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
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

  private static final Logger LOG = LoggerFactory.getLogger(StopRequest.class);

  /** Spark stops its context at 50, Hadoop closes file systems at 10; higher comes earlier. */
  private static final int PRIORITY = 100;

  private static final long GRACE_SECONDS = 120;

  private final AtomicBoolean requested = new AtomicBoolean();
  private final AtomicReference<Optional<Runnable>> cancelWork =
      new AtomicReference<>(Optional.empty());
  private final CountDownLatch ended = new CountDownLatch(1);

  /** Listens for signals from now on. */
  public void install() {
    ShutdownHookManager.get()
        .addShutdownHook(this::onShutdown, PRIORITY, GRACE_SECONDS + 10, TimeUnit.SECONDS);
  }

  /** What makes the work under way end soon, such as cancelling Spark's jobs. */
  public void onStop(Runnable cancel) {
    cancelWork.set(Optional.of(cancel));
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
    cancelWork.get().ifPresent(Runnable::run);
  }

  /** Says that the command's work is over and saved; the shutdown may go on. */
  public void ended() {
    ended.countDown();
  }

  private void onShutdown() {
    if (ended.getCount() == 0 || cancelWork.get().isEmpty()) {
      return; // the ordinary end of a command, or nothing that would have to be saved
    }
    LOG.warn("asked to stop: saving the last completed round");
    request();
    try {
      if (!ended.await(GRACE_SECONDS, TimeUnit.SECONDS)) {
        LOG.error("the run did not come to its end within {} s; ending it here", GRACE_SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    // Not System.exit, which would wait for this very hook.
    Runtime.getRuntime().halt(EXIT_CODE);
  }
}
