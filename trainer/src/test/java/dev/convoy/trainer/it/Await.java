package dev.convoy.trainer.it;

import static org.assertj.core.api.Assertions.fail;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for something that another process does: looks often, and gives up loudly. */
final class Await {

  /** For one step of a process on a busy machine; a test that is well is far below it. */
  static final Duration PATIENCE = Duration.ofMinutes(4);

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(5);

  private Await() {}

  /**
   * What a look finds, as soon as it finds something.
   *
   * @param what is awaited, for the failure's message
   * @param look gives nothing as long as it is not there
   */
  static <T> T first(String what, Supplier<Optional<T>> look) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      Optional<T> found = look.get();
      if (found.isPresent()) {
        return found.get();
      }
      pause(BETWEEN_LOOKS);
    }
    return fail("waited %s in vain for: %s", PATIENCE, what);
  }

  /** Whether something comes true in a time. */
  static boolean within(Duration time, BooleanSupplier look) throws InterruptedException {
    long deadline = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < deadline) {
      if (look.getAsBoolean()) {
        return true;
      }
      pause(BETWEEN_LOOKS);
    }
    return false;
  }

  /** Lets some time pass, which nothing may depend on. */
  static void pause(Duration time) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(time.toNanos());
  }
}
