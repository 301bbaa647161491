package dev.convoy.trainer.run;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who holds a run and until when.
 *
 * @param holder unique for each holding
 * @param host of the holder
 * @param pid of the holder's process on that host
 * @param processStarted when that process began, so that a reused pid is not taken for it
 * @param heartbeat the last sign of life, by the holder's clock
 * @param expiry how long after it the lease is void
 * @param pidNamespace in which the pid counts, where the system has such: two containers may have
 *     one host's name
 * @param boot of the holder's kernel, where it says one: two machines may have one name
 */
record LeaseRecord(
    String holder,
    String host,
    long pid,
    Instant processStarted,
    Instant heartbeat,
    Duration expiry,
    Optional<String> pidNamespace,
    Optional<String> boot) {

  private static final Logger LOG = LoggerFactory.getLogger(LeaseRecord.class);

  /** Linux tells a start relative to a boot time that moves as the clock is set. */
  private static final Duration CLOCK_SLACK = Duration.ofSeconds(5);

  private static final Path PID_NAMESPACE = Path.of("/proc/self/ns/pid");
  private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

  /** Checks what no lease lacks, since leases of other versions are read leniently. */
  LeaseRecord {
    Objects.requireNonNull(holder, "holder");
    Objects.requireNonNull(host, "host");
    Objects.requireNonNull(processStarted, "process_started");
    Objects.requireNonNull(heartbeat, "heartbeat");
    Objects.requireNonNull(expiry, "expiry");
  }

  /** A new holding by this process. */
  static LeaseRecord ofThisProcess(Instant now) throws IOException {
    ProcessHandle process = ProcessHandle.current();
    return new LeaseRecord(
        UUID.randomUUID().toString(),
        InetAddress.getLocalHost().getHostName(),
        process.pid(),
        process.info().startInstant().orElse(now),
        now,
        RunLease.EXPIRY,
        told(() -> Files.readSymbolicLink(PID_NAMESPACE).toString()),
        told(() -> Files.readString(BOOT).strip()));
  }

  LeaseRecord renewed(Instant now) {
    return new LeaseRecord(holder, host, pid, processStarted, now, expiry, pidNamespace, boot);
  }

  Instant end() {
    return heartbeat.plus(expiry);
  }

  boolean expired(Instant now) {
    return now.isAfter(end());
  }

  /**
   * Whether the holder's process ran where another one runs, and is gone. In doubt it is alive: a
   * process in another PID namespace, which cannot be seen from here; one whose start this one may
   * not see, or whose start differs by no more than the system's clock is set between two looks.
   */
  boolean holderDiedBeside(LeaseRecord here) {
    return host.equals(here.host)
        && pidNamespace.equals(here.pidNamespace)
        && boot.equals(here.boot)
        && ProcessHandle.of(pid)
            .filter(ProcessHandle::isAlive)
            .filter(process -> process.info().startInstant().map(this::startedAt).orElse(true))
            .isEmpty();
  }

  private boolean startedAt(Instant start) {
    return Duration.between(start, processStarted).abs().compareTo(CLOCK_SLACK) <= 0;
  }

  private interface Look {
    String at() throws IOException;
  }

  /** What only Linux has. */
  private static Optional<String> told(Look look) {
    try {
      return Optional.of(look.at());
    } catch (IOException | UnsupportedOperationException e) {
      LOG.debug("this system does not say it", e);
      return Optional.empty();
    }
  }
}
