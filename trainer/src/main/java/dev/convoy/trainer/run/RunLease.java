package dev.convoy.trainer.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.convoy.data.storage.Storage;
import dev.convoy.data.storage.StoredFile;
import dev.convoy.trainer.Json;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a run directory to one process: a file {@code lease.json} with a heartbeat. A lease whose
 * heartbeat is older than its expiry is void; so is one whose process on this very host is gone,
 * which lets a killed run be resumed at once. A process of another PID namespace cannot be seen,
 * and has the run until its lease expires.
 */
public final class RunLease implements AutoCloseable {

  /** Without a heartbeat for so long a lease is void. */
  public static final Duration EXPIRY = Duration.ofSeconds(60);

  private static final Duration HEARTBEAT = Duration.ofSeconds(10);
  private static final Logger LOG = LoggerFactory.getLogger(RunLease.class);
  private static final String FILE = "lease.json";

  /** For how long a lease that expired is looked at and renewed, where that fails. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

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
    this.heartbeats = Executors.newSingleThreadScheduledExecutor(RunLease::daemon);
  }

  /**
   * Takes the run.
   *
   * @throws RunHeldException if another process has it, saying who and until when
   */
  public static RunLease acquire(Storage run, Clock clock) throws IOException {
    LeaseRecord mine = LeaseRecord.ofThisProcess(clock.instant());
    while (!run.createExclusively(FILE, Json.MAPPER.writeValueAsBytes(mine))) {
      evict(run, clock.instant(), mine);
    }
    RunLease lease = new RunLease(run, clock, mine);
    lease.beats =
        lease.heartbeats.scheduleWithFixedDelay(
            lease::beat, HEARTBEAT.toSeconds(), HEARTBEAT.toSeconds(), TimeUnit.SECONDS);
    return lease;
  }

  /**
   * Makes sure that nobody has the run. Nothing is changed.
   *
   * @throws RunHeldException if another process has it, saying who and until when
   */
  public static void requireFree(Storage run, Clock clock) throws IOException {
    Instant now = clock.instant();
    try {
      LeaseRecord other = read(run);
      if (!other.expired(now) && !other.holderDiedBeside(LeaseRecord.ofThisProcess(now))) {
        throw held(run, other);
      }
    } catch (NoSuchFileException | JsonProcessingException e) {
      LOG.debug("{} has no lease that can be read", run, e);
    }
  }

  private static RunHeldException held(Storage run, LeaseRecord other) {
    return new RunHeldException(
        ("%s is held by process %d on %s, whose last heartbeat was at %s; wait for it to end, or, if"
                + " it is dead, until %s, when its lease expires")
            .formatted(run.location(), other.pid(), other.host(), other.heartbeat(), other.end()));
  }

  /** Removes a void lease, or throws if it is valid. */
  private static void evict(Storage run, Instant now, LeaseRecord mine) throws IOException {
    byte[] json;
    LeaseRecord other;
    try {
      json = run.read(FILE);
      other = parsed(json);
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
    } else if (other.holderDiedBeside(mine)) {
      LOG.warn("process {} had this run and is gone; taking it over", other.pid());
    } else {
      throw held(run, other);
    }
    run.delete(FILE, json);
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

  private static LeaseRecord read(Storage run) throws IOException {
    return parsed(run.read(FILE));
  }

  /** Leases of older and newer versions of Convoy, too: less or more is said in them. */
  private static LeaseRecord parsed(byte[] json) throws IOException {
    return Json.LENIENT.readValue(json, LeaseRecord.class);
  }

  /**
   * Makes sure that this process still has the run; to be called before anything is written. A
   * lease that expired because this process or the store stood still is renewed where nobody took
   * it.
   *
   * @throws RunHeldException if it was lost to another process
   */
  public synchronized void check() throws IOException {
    long began = System.nanoTime();
    while (!lost && isMine() && mine.expired(clock.instant())) {
      LOG.warn(
          "the lease of {} was not renewed since {}, and nobody took it; going on",
          run.location(),
          mine.heartbeat());
      try {
        renew(HEARTBEAT);
      } catch (StaleWriteException e) {
        // Somebody may have taken it meanwhile, so this looks again before each try.
        if (System.nanoTime() - began > PATIENCE.toNanos()) {
          throw e;
        }
        LOG.warn("{}; looking again", e.getMessage());
      }
    }
    if (lost) {
      throw new RunHeldException(
          "%s was taken over by another process while this one did not answer; nothing more is written"
              .formatted(run.location()));
    }
  }

  /** One heartbeat. */
  synchronized void beat() {
    try {
      if (!lost && isMine()) {
        Duration left = Duration.between(clock.instant(), mine.end());
        renew(left.isNegative() ? HEARTBEAT : left);
      }
    } catch (IOException | RuntimeException | Error e) { // a beat that throws would be the last
      LOG.warn("the heartbeat of {} could not be written; trying again", run.location(), e);
    }
  }

  private boolean isMine() throws IOException {
    try {
      lost = !read(run).holder().equals(mine.holder());
    } catch (NoSuchFileException e) {
      lost = true;
    }
    return !lost;
  }

  /**
   * Writes the lease anew, where that can be done within some time. A store that is patient would
   * try for minutes, and at last write over the lease of one who took the run in good faith.
   */
  private void renew(Duration limit) throws IOException {
    LeaseRecord renewed = mine.renewed(clock.instant());
    byte[] json = Json.MAPPER.writeValueAsBytes(renewed);
    FutureTask<LeaseRecord> writing =
        new FutureTask<>(
            () -> {
              run.write(FILE, json);
              return renewed;
            });
    daemon(writing).start();
    try {
      mine = writing.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      writing.cancel(true);
      throw new StaleWriteException(
          "the lease of %s could not be renewed in time".formatted(run.location()), e);
    } catch (InterruptedException e) {
      writing.cancel(true);
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the lease was renewed", e);
    } catch (ExecutionException e) {
      throw new IOException(String.valueOf(e.getCause().getMessage()), e.getCause());
    }
  }

  /** Gives the run back, unless another has it. */
  @Override
  public void close() {
    beats.cancel(false);
    heartbeats.shutdown();
    // An interrupted thread can neither wait nor write; who interrupted it wants it to end soon.
    boolean interrupted = Thread.interrupted();
    try {
      // Without this a beat under way would write the lease again.
      if (!heartbeats.awaitTermination(EXPIRY.toSeconds(), TimeUnit.SECONDS)) {
        LOG.warn("a heartbeat of {} is stuck; its lease is left to expire", run.location());
        return;
      }
      giveBack();
    } catch (InterruptedException e) {
      interrupted = true;
    } catch (IOException e) {
      LOG.warn("the lease of {} could not be given back; it expires by itself", run.location(), e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private synchronized void giveBack() throws IOException {
    if (lost) {
      return;
    }
    try {
      byte[] json = run.read(FILE);
      if (parsed(json).holder().equals(mine.holder())) {
        run.delete(FILE, json);
      }
    } catch (NoSuchFileException e) {
      LOG.debug("{} has no lease any more", run, e);
    }
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "convoy-lease");
    thread.setDaemon(true);
    return thread;
  }

  /** A write that took so long that what is written may not be so any more. */
  private static final class StaleWriteException extends IOException {
    private static final long serialVersionUID = 1L;

    StaleWriteException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
