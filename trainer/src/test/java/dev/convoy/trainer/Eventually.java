package dev.convoy.trainer;

import static org.assertj.core.api.Assertions.fail;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits for what another thread does: looks often, and gives up loudly. */
public final class Eventually {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private Eventually() {}

  /**
   * Returns as soon as something is so.
   *
   * @param what for the failure's message
   */
  public static void holds(String what, BooleanSupplier look) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!look.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        fail("waited %s in vain for: %s", PATIENCE, what);
      }
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }
}
