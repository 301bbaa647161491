package dev.convoy.trainer.it;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Makes one host of a cluster slow: each of its tasks first waits. */
public final class SlowHostPlugin extends OneHostPlugin {

  /** Settings of Spark that put this in. */
  static List<String> settings(String host, Duration wait) {
    return settings(SlowHostPlugin.class, host, Long.toString(wait.toMillis()));
  }

  @Override
  void taskStarts(String millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(Long.parseLong(millis));
    } catch (InterruptedException e) {
      // The other attempt was faster.
      Thread.currentThread().interrupt();
    }
  }
}
