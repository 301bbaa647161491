package dev.convoy.trainer.run;

import java.time.Duration;
import java.time.Instant;

/**
 * Who holds a run and until when.
 *
 * @param holder unique for each holding
 * @param host of the holder
 * @param pid of the holder's process on that host
 * @param processStarted when that process began, so that a reused pid is not taken for it
 * @param heartbeat the last sign of life, by the holder's clock
 * @param expiry how long after it the lease is void
 */
record LeaseRecord(
    String holder,
    String host,
    long pid,
    Instant processStarted,
    Instant heartbeat,
    Duration expiry) {

  /** Linux tells a start relative to a boot time that moves as the clock is set. */
  private static final Duration CLOCK_SLACK = Duration.ofSeconds(5);

  LeaseRecord renewed(Instant now) {
    return new LeaseRecord(holder, host, pid, processStarted, now, expiry);
  }

  boolean expired(Instant now) {
    return now.isAfter(heartbeat.plus(expiry));
  }

  /**
   * Whether the holder ran on this host and its process is gone. In doubt it is alive: a process
   * whose start this one may not see, or whose start differs by no more than the system's clock is
   * set between two looks.
   */
  boolean holderDiedOn(String thisHost) {
    return host.equals(thisHost)
        && ProcessHandle.of(pid)
            .filter(ProcessHandle::isAlive)
            .filter(process -> process.info().startInstant().map(this::startedAt).orElse(true))
            .isEmpty();
  }

  private boolean startedAt(Instant start) {
    return Duration.between(start, processStarted).abs().compareTo(CLOCK_SLACK) <= 0;
  }
}
