package dev.convoy.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.storage.Storage;
import dev.convoy.trainer.Eventually;
import dev.convoy.trainer.HookedFileSystem;
import dev.convoy.trainer.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One process has a run. */
final class RunLeaseTest {

  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final ProcessHandle ME = ProcessHandle.current();

  @TempDir private Path run;
  private Path file;
  private Storage storage;

  @BeforeEach
  void open() throws IOException {
    storage = Storage.at(run.toString(), new Configuration());
    file = run.resolve("lease.json");
  }

  @Test
  void isHeldUntilItIsGivenBack() throws IOException {
    try (RunLease first = RunLease.acquire(storage, at(NOW))) {
      first.check();
      assertThatThrownBy(() -> RunLease.acquire(storage, at(NOW.plusSeconds(60))))
          .isInstanceOf(RunHeldException.class)
          .hasMessageContaining(run.toString())
          .hasMessageContaining("process " + ME.pid())
          .hasMessageContaining("until 2026-03-01T12:01:00Z");
      first.check();
    }
    assertThat(file).doesNotExist();
    try (RunLease second = RunLease.acquire(storage, at(NOW))) {
      second.check();
    }
  }

  @Test
  void leaseOfAnotherHostIsVoidOnceItExpired() throws IOException {
    write("elsewhere", ME.pid(), NOW, NOW);
    assertHeld(NOW.plusSeconds(59));
    try (RunLease lease = RunLease.acquire(storage, at(NOW.plusSeconds(61)))) {
      lease.check();
    }
  }

  @Test
  void leaseOfProcessThatIsGoneIsVoidOnItsHostOnly() throws Exception {
    Process gone = new ProcessBuilder("true").start();
    gone.waitFor();
    write("elsewhere", gone.pid(), NOW, NOW);
    assertHeld(NOW);
    write(thisHost(), gone.pid(), NOW, NOW);
    try (RunLease lease = RunLease.acquire(storage, at(NOW))) {
      lease.check();
    }
  }

  @Test
  void reusedProcessNumberIsNotTheHolder() throws IOException {
    Instant started = ME.info().startInstant().orElseThrow();
    write(thisHost(), ME.pid(), started, NOW);
    assertHeld(NOW);
    write(thisHost(), ME.pid(), started.plusMillis(1500), NOW);
    assertHeld(NOW);
    write(thisHost(), ME.pid(), started.minus(1, ChronoUnit.HOURS), NOW);
    try (RunLease lease = RunLease.acquire(storage, at(NOW))) {
      lease.check();
    }
  }

  @Test
  void holderNoticesThatItWasTakenOver() throws IOException {
    String others;
    try (RunLease first = RunLease.acquire(storage, at(NOW))) {
      write("elsewhere", 1, NOW, NOW);
      others = Files.readString(file);
      assertThatThrownBy(first::check)
          .isInstanceOf(RunHeldException.class)
          .hasMessageContaining("was taken over by another process");
    }
    assertThat(file).as("the other's lease stays").hasContent(others);
  }

  @Test
  void holderNoticesThatItsLeaseIsGone() throws IOException {
    try (RunLease first = RunLease.acquire(storage, at(NOW))) {
      Files.delete(file);
      assertThatThrownBy(first::check).isInstanceOf(RunHeldException.class);
    }
    assertThat(file).doesNotExist();
  }

  @Test
  void holderThatSleptTooLongGoesOnWhereNobodyTookTheRun() throws IOException {
    SettableClock clock = new SettableClock(NOW);
    try (RunLease lease = RunLease.acquire(storage, clock)) {
      clock.set(NOW.plus(RunLease.EXPIRY).plusMillis(1));
      lease.check();
      assertHeld(clock.instant().plus(RunLease.EXPIRY));
    }
    assertThat(file).doesNotExist();
  }

  @Test
  void holderThatSleptTooLongHasNothingWhereAnotherTookTheRun() throws IOException {
    SettableClock clock = new SettableClock(NOW);
    try (RunLease first = RunLease.acquire(storage, clock)) {
      clock.set(NOW.plus(RunLease.EXPIRY).plusMillis(1));
      try (RunLease second = RunLease.acquire(storage, clock)) {
        assertThatThrownBy(first::check).isInstanceOf(RunHeldException.class);
        second.check();
      }
      assertThatThrownBy(first::check)
          .as("also when the other is done")
          .isInstanceOf(RunHeldException.class);
    }
    assertThat(file).doesNotExist();
  }

  @Test
  void leaseLeftInPiecesIsVoidAfterItsTime() throws IOException {
    Files.writeString(file, "{\"holder\": \"a");
    Files.setLastModifiedTime(file, FileTime.from(NOW));
    assertThatThrownBy(() -> RunLease.acquire(storage, at(NOW.plusSeconds(1))))
        .isInstanceOf(RunHeldException.class)
        .hasMessageContaining("wait until 2026-03-01T12:01:00Z");
    try (RunLease lease = RunLease.acquire(storage, at(NOW.plusSeconds(61)))) {
      lease.check();
    }
  }

  @Test
  void leaseThatAnotherTookUnnoticedIsNotDeleted() throws IOException {
    String others;
    try (RunLease first = RunLease.acquire(storage, at(NOW))) {
      first.check();
      write("elsewhere", 1, NOW, NOW);
      others = Files.readString(file);
    }
    assertThat(file).hasContent(others);
  }

  @Test
  void holderThatIsInterruptedGivesTheRunBack() throws IOException {
    RunLease lease = RunLease.acquire(storage, at(NOW));
    Thread.currentThread().interrupt();
    lease.close();
    assertThat(Thread.interrupted()).as("who interrupted it is not forgotten").isTrue();
    assertThat(file).doesNotExist();
  }

  /** A store that fails for a while is patient for minutes, and the lease void by then. */
  @Test
  void heartbeatThatComesTooLateIsNotWrittenOverTheNextHolders() throws Exception {
    SettableClock clock = new SettableClock(NOW);
    Storage patient =
        Storage.at(HookedFileSystem.location(run), HookedFileSystem.register(new Configuration()));
    AtomicBoolean failing = new AtomicBoolean();
    AtomicInteger refused = new AtomicInteger();
    HookedFileSystem.setHook(
        (act, path) -> {
          if (act == HookedFileSystem.Act.CREATE && failing.get()) {
            refused.incrementAndGet();
            throw new IOException("the store is not well");
          }
        });
    try (RunLease lease = RunLease.acquire(patient, clock)) {
      failing.set(true);
      clock.set(NOW.plus(RunLease.EXPIRY).minusMillis(200));
      Thread beat = new Thread(lease::beat);
      beat.start();
      Eventually.holds("it is tried", () -> refused.get() > 0);
      beat.join(Duration.ofSeconds(30).toMillis());
      assertThat(beat.isAlive()).as("given up with the lease").isFalse();
      write("elsewhere", 1, NOW, clock.instant());
      String others = Files.readString(file);
      failing.set(false);
      TimeUnit.SECONDS.sleep(2); // longer than the store's first pauses
      assertThat(file).hasContent(others);
      assertThatThrownBy(lease::check).isInstanceOf(RunHeldException.class);
    } finally {
      HookedFileSystem.unhook();
    }
  }

  @Test
  void leaseOfAnotherPidNamespaceOrBootIsVoidOnlyOnceItExpired() throws Exception {
    Process gone = new ProcessBuilder("true").start();
    gone.waitFor();
    LeaseRecord here = LeaseRecord.ofThisProcess(NOW);
    for (LeaseRecord other :
        List.of(
            gone(gone.pid(), Optional.of("pid:[1]"), here.boot()),
            gone(gone.pid(), here.pidNamespace(), Optional.of("another")),
            gone(gone.pid(), Optional.empty(), here.boot().or(() -> Optional.of("a"))))) {
      Files.write(file, Json.MAPPER.writeValueAsBytes(other));
      assertHeld(NOW.plusSeconds(59));
      try (RunLease lease = RunLease.acquire(storage, at(NOW.plusSeconds(61)))) {
        lease.check();
      }
    }
  }

  @Test
  void processSaysItsNamespaceAndBootWhereThereAreSuch() throws IOException {
    LeaseRecord here = LeaseRecord.ofThisProcess(NOW);
    boolean linux = Files.exists(Path.of("/proc/self/ns/pid"));
    assertThat(here.pidNamespace().isPresent()).isEqualTo(linux);
    assertThat(here.holderDiedBeside(here)).isFalse();
    LeaseRecord nowhere = gone(Long.MAX_VALUE, Optional.empty(), Optional.empty());
    assertThat(nowhere.holderDiedBeside(nowhere)).as("where no system says it").isTrue();
  }

  /** Written by a version that knew no namespaces, and by one that knows more than this. */
  @ParameterizedTest
  @ValueSource(strings = {"", ", \"pid_namespace\": \"pid:[1]\", \"boot\": null, \"more\": {}"})
  void leaseOfAnotherVersionIsUnderstood(String more) throws IOException {
    Files.writeString(
        file,
        """
        {"holder": "a", "host": "%s", "pid": 1, "process_started": "2026-03-01T11:00:00Z",
        "heartbeat": "2026-03-01T12:00:00Z", "expiry": %s%s}
        """
            .formatted(thisHost(), Json.MAPPER.writeValueAsString(RunLease.EXPIRY), more));
    assertThatThrownBy(() -> RunLease.acquire(storage, at(NOW)))
        .isInstanceOf(RunHeldException.class)
        .hasMessageContaining("is held by process 1");
  }

  private LeaseRecord gone(long pid, Optional<String> pidNamespace, Optional<String> boot)
      throws IOException {
    return new LeaseRecord(
        "another", thisHost(), pid, NOW, NOW, RunLease.EXPIRY, pidNamespace, boot);
  }

  private void assertHeld(Instant now) throws IOException {
    String before = Files.readString(file);
    assertThatThrownBy(() -> RunLease.acquire(storage, at(now)))
        .isInstanceOf(RunHeldException.class);
    assertThat(file).hasContent(before);
  }

  private void write(String host, long pid, Instant started, Instant heartbeat) throws IOException {
    LeaseRecord here = LeaseRecord.ofThisProcess(heartbeat);
    Files.write(
        file,
        Json.MAPPER.writeValueAsBytes(
            new LeaseRecord(
                "another",
                host,
                pid,
                started,
                heartbeat,
                RunLease.EXPIRY,
                here.pidNamespace(),
                here.boot())));
  }

  private static String thisHost() throws IOException {
    return InetAddress.getLocalHost().getHostName();
  }

  private static Clock at(Instant instant) {
    return Clock.fixed(instant, ZoneOffset.UTC);
  }

  /** Stands still until it is set. */
  private static final class SettableClock extends Clock {
    private volatile Instant now;

    SettableClock(Instant now) {
      this.now = now;
    }

    void set(Instant to) {
      now = to;
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
