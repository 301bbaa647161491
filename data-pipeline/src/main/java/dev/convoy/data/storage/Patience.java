package dev.convoy.data.storage;

import dev.convoy.data.InvalidRequestException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;

/**
 * How long a store may fail or be silent before an operation on it is given up. The time counts
 * from the store's first failure since it last answered, so that one that was given up already
 * holds what comes after up for a last try only. Safe for concurrent use.
 */
final class Patience {
  /** Of Hadoop's configuration; on the command line with {@code spark.hadoop.} before it. */
  static final String SETTING = "convoy.store.patience";

  private static final Duration DEFAULT = Duration.ofMinutes(5);
  private static final Duration LAST_TRY = Duration.ofSeconds(10);
  private static final Duration SLOW = Duration.ofSeconds(10);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private final Duration limit;
  private final Duration slow;
  private final Duration firstPause;
  private boolean failing;
  private long failingSince;

  /**
   * As given.
   *
   * @param limit on failures and silence
   * @param slow after how long without an answer people are told
   * @param firstPause between two tries; each further one is twice as long
   */
  Patience(Duration limit, Duration slow, Duration firstPause) {
    this.limit = limit;
    this.slow = slow;
    this.firstPause = firstPause;
  }

  /**
   * As a configuration says, five minutes by default.
   *
   * @throws InvalidRequestException if what it says is no duration above 0
   */
  static Patience of(Configuration hadoop) {
    long seconds;
    try {
      seconds = hadoop.getTimeDuration(SETTING, DEFAULT.toSeconds(), TimeUnit.SECONDS);
    } catch (NumberFormatException e) {
      throw new InvalidRequestException(notDuration(hadoop), e);
    }
    if (seconds <= 0) {
      throw new InvalidRequestException(notDuration(hadoop));
    }
    return new Patience(Duration.ofSeconds(seconds), SLOW, FIRST_PAUSE);
  }

  private static String notDuration(Configuration hadoop) {
    return SETTING
        + " is '"
        + hadoop.get(SETTING)
        + "'; give a duration of at least one second, such as 90s or 5m";
  }

  /** How long an operation that begins at a {@link System#nanoTime} may take, tries included. */
  synchronized long allowance(long now) {
    return Math.max(limit.toNanos() - (failing ? now - failingSince : 0), oneTry());
  }

  /** Nanoseconds that a single try may take at least, however late it begins. */
  long oneTry() {
    return Math.min(limit.toNanos(), LAST_TRY.toNanos());
  }

  /** The store did something for us, or said why it does not. */
  synchronized void answered() {
    failing = false;
  }

  /** An operation failed that had begun, or last been answered, at a {@link System#nanoTime}. */
  synchronized void failed(long since) {
    if (!failing) {
      failing = true;
      failingSince = since;
    }
  }

  /** Nanoseconds after which an operation without an answer is called slow. */
  long slow() {
    return slow.toNanos();
  }

  /** Nanoseconds between a try, counted from 1, and the next. */
  long pauseAfter(int attempt) {
    int doublings = Math.min(attempt - 1, 30);
    return Math.min(firstPause.toNanos() << doublings, LONGEST_PAUSE.toNanos());
  }
}
