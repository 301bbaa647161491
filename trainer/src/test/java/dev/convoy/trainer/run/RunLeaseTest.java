package dev.convoy.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.storage.Storage;
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
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

  private void assertHeld(Instant now) throws IOException {
    String before = Files.readString(file);
    assertThatThrownBy(() -> RunLease.acquire(storage, at(now)))
        .isInstanceOf(RunHeldException.class);
    assertThat(file).hasContent(before);
  }

  private void write(String host, long pid, Instant started, Instant heartbeat) throws IOException {
    Files.write(
        file,
        Json.MAPPER.writeValueAsBytes(
            new LeaseRecord("another", host, pid, started, heartbeat, Duration.ofSeconds(60))));
  }

  private static String thisHost() throws IOException {
    return InetAddress.getLocalHost().getHostName();
  }

  private static Clock at(Instant instant) {
    return Clock.fixed(instant, ZoneOffset.UTC);
  }

  /** Stands still until it is set. */
  private static final class SettableClock extends Clock {
    private Instant now;

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
