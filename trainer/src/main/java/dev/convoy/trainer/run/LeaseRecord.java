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

  LeaseRecord renewed(Instant now) {
    return new LeaseRecord(holder, host, pid, processStarted, now, expiry);
  }

  boolean expired(Instant now) {
    return now.isAfter(heartbeat.plus(expiry));
  }

  /** Whether the holder ran on this host and its process is gone. */
  boolean holderDiedOn(String thisHost) {
    return host.equals(thisHost)
        && ProcessHandle.of(pid)
            .filter(ProcessHandle::isAlive)
            .flatMap(process -> process.info().startInstant())
            .filter(processStarted::equals)
            .isEmpty();
  }
}
