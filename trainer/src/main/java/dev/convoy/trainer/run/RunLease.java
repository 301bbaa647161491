package dev.convoy.trainer.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.convoy.data.storage.Storage;
import dev.convoy.data.storage.StoredFile;
import dev.convoy.trainer.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.NoSuchFileException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a run directory to one process: a file {@code lease.json} with a heartbeat. A lease whose
 * heartbeat is older than its expiry is void; so is one whose process on this very host is gone,
 * which lets a killed run be resumed at once.
 */
public final class RunLease implements AutoCloseable {

  /** Without a heartbeat for so long a lease is void. */
  public static final Duration EXPIRY = Duration.ofSeconds(60);

  private static final Duration HEARTBEAT = Duration.ofSeconds(10);
  private static final Logger LOG = LoggerFactory.getLogger(RunLease.class);
  private static final String FILE = "lease.json";

  private final Storage run;
  private final Clock clock;
  private final ScheduledExecutorService heartbeats;
  private LeaseRecord mine;
  private volatile boolean lost;
  private ScheduledFuture<?> beats;

  private RunLease(Storage run, Clock clock, LeaseRecord mine) {
    this.run = run;
    this.clock = clock;
    this.mine = mine;
    this.heartbeats =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "convoy-lease");
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Takes the run.
   *
   * @throws RunHeldException if another process has it, saying who and until when
   */
  public static RunLease acquire(Storage run, Clock clock) throws IOException {
    LeaseRecord mine = newRecord(clock.instant());
    while (!run.createExclusively(FILE, Json.MAPPER.writeValueAsBytes(mine))) {
      evict(run, clock.instant(), mine.host());
    }
    RunLease lease = new RunLease(run, clock, mine);
    lease.beats =
        lease.heartbeats.scheduleWithFixedDelay(
            lease::beat, HEARTBEAT.toSeconds(), HEARTBEAT.toSeconds(), TimeUnit.SECONDS);
    return lease;
  }

  private static LeaseRecord newRecord(Instant now) throws IOException {
    ProcessHandle process = ProcessHandle.current();
    return new LeaseRecord(
        UUID.randomUUID().toString(),
        InetAddress.getLocalHost().getHostName(),
        process.pid(),
        process.info().startInstant().orElse(now),
        now,
        EXPIRY);
  }

  /** Removes a void lease, or throws if it is valid. */
  private static void evict(Storage run, Instant now, String thisHost) throws IOException {
    LeaseRecord other;
    try {
      other = Json.STRICT.readValue(run.read(FILE), LeaseRecord.class);
    } catch (NoSuchFileException e) {
      return; // given back in between
    } catch (JsonProcessingException e) {
      evictUnreadable(run, now);
      return;
    }
    if (other.expired(now)) {
      LOG.warn(
          "the lease of process {} on {} expired; its last heartbeat was at {}",
          other.pid(),
          other.host(),
          other.heartbeat());
    } else if (other.holderDiedOn(thisHost)) {
      LOG.warn("process {} had this run and is gone; taking it over", other.pid());
    } else {
      throw new RunHeldException(
          ("%s is held by process %d on %s, whose last heartbeat was at %s; wait for it to end, or, if"
                  + " it is dead, until %s, when its lease expires")
              .formatted(
                  run.location(),
                  other.pid(),
                  other.host(),
                  other.heartbeat(),
                  other.heartbeat().plus(other.expiry())));
    }
    run.delete(FILE);
  }

  /** Another process is writing its lease just now, or died or met a full disk while it did. */
  private static void evictUnreadable(Storage run, Instant now) throws IOException {
    Optional<Instant> written =
        run.list("").stream()
            .filter(file -> file.name().equals(FILE))
            .map(StoredFile::modified)
            .findFirst();
    Instant end = written.orElse(Instant.MIN.plus(EXPIRY)).plus(EXPIRY);
    if (now.isBefore(end)) {
      throw new RunHeldException(
          "%s is being taken by another process, whose lease cannot be read yet; if that process is dead, wait until %s"
              .formatted(run.location(), end));
    }
    LOG.warn("the lease of {} is damaged and was not renewed since; taking it over", run);
    run.delete(FILE);
  }

  /**
   * Makes sure that this process still has the run; to be called before anything is written. A
   * lease that expired because this process or the store stood still is renewed where nobody took
   * it.
   *
   * @throws RunHeldException if it was lost to another process
   */
  public synchronized void check() throws IOException {
    if (!lost && isMine() && mine.expired(clock.instant())) {
      LOG.warn(
          "the lease of {} was not renewed since {}, and nobody took it; going on",
          run.location(),
          mine.heartbeat());
      renew();
    }
    if (lost) {
      throw new RunHeldException(
          "%s was taken over by another process while this one did not answer; nothing more is written"
              .formatted(run.location()));
    }
  }

  private synchronized void beat() {
    try {
      if (!lost && isMine()) {
        renew();
      }
    } catch (IOException | RuntimeException e) {
      LOG.warn("the heartbeat of {} could not be written; trying again", run.location(), e);
    }
  }

  private boolean isMine() throws IOException {
    try {
      LeaseRecord there = Json.MAPPER.readValue(run.read(FILE), LeaseRecord.class);
      lost = !there.holder().equals(mine.holder());
    } catch (NoSuchFileException e) {
      lost = true;
    }
    return !lost;
  }

  private void renew() throws IOException {
    LeaseRecord renewed = mine.renewed(clock.instant());
    run.write(FILE, Json.MAPPER.writeValueAsBytes(renewed));
    mine = renewed;
  }

  /** Gives the run back. */
  @Override
  public void close() {
    beats.cancel(false);
    heartbeats.shutdown();
    try {
      // Without this a beat under way would write the lease again.
      if (!heartbeats.awaitTermination(EXPIRY.toSeconds(), TimeUnit.SECONDS)) {
        LOG.warn("a heartbeat of {} is stuck; its lease is left to expire", run.location());
        return;
      }
      if (!lost) {
        run.delete(FILE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      LOG.warn("the lease of {} could not be given back; it expires by itself", run.location(), e);
    }
  }
}
