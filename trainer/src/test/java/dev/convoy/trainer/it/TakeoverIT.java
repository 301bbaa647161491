package dev.convoy.trainer.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.convoy.trainer.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Two drivers and one run: one of them has it, whatever the other believes. */
@ExtendWith(ReferenceRunExtension.class)
final class TakeoverIT {

  private static final int HELD = 5;
  private static final int SIGKILLED = 137;
  private static final Duration EXPIRY = Duration.ofSeconds(60);

  @RegisterExtension private final Processes processes = new Processes();
  @TempDir private Path folder;

  @Test
  void aDriverThatWakesUpAfterItsRunWasTakenWritesNothing(ReferenceRun reference) throws Exception {
    RunFolder run = new RunFolder(folder.resolve("run"));
    RunningProcess first = frozen(List.of(reference.train(run, "local[2,4]")));
    Path lease = run.path().resolve("lease.json");
    Files.writeString(lease, aged(Files.readString(lease), EXPIRY.plusSeconds(1)));
    JsonNode second =
        processes
            .start("second", folder, Distribution.convoy(ReferenceRun.resume(run, "local[2,4]")))
            .result();
    reference.assertSameResult(second, run);

    first.send(Signal.CONT);
    assertThat(first.exitCode()).as(first::story).isEqualTo(HELD);
    assertThat(first.errors()).contains("was taken over by another process");
    reference.assertSameResult(second, run);
  }

  @Test
  @Tag("full")
  void onAnObjectStoreTheSecondIsTurnedAwayUntilTheFirstIsDead(ReferenceRun reference)
      throws Exception {
    try (ObjectStore store = ObjectStore.start(folder.resolve("server"), processes)) {
      store.upload(reference.dataset(), "dataset");
      List<String> train = with(store, reference.train(store.uri("dataset"), store.uri("run")));
      List<String> resume = List.of("resume", "--run=" + store.uri("run"), "--json");
      RunningProcess first = frozen(train);
      RunningProcess second = processes.start("second", folder, store.convoy(resume));
      assertThat(second.exitCode()).as(second::story).isEqualTo(HELD);
      assertThat(second.errors()).contains("is held by process " + first.pid() + " on ");

      // Of another host nobody here can say that its process is gone.
      store.put("run/lease.json", onAnotherHost(store.text("run/lease.json")));
      first.send(Signal.KILL);
      assertThat(first.exitCode()).isEqualTo(SIGKILLED);
      RunningProcess third = processes.start("third", folder, store.convoy(resume));
      assertThat(third.exitCode()).as(third::story).isEqualTo(HELD);
      assertThat(third.errors()).contains(" on elsewhere, ");

      store.put("run/lease.json", aged(store.text("run/lease.json"), EXPIRY.plusSeconds(1)));
      JsonNode fourth = processes.start("fourth", folder, store.convoy(resume)).result();
      assertSame(reference, store, fourth);
    }
  }

  @Test
  @Tag("full")
  void onAnObjectStoreARunWhoseProcessIsGoneIsTakenAtOnce(ReferenceRun reference) throws Exception {
    try (ObjectStore store = ObjectStore.start(folder.resolve("server"), processes)) {
      store.upload(reference.dataset(), "dataset");
      List<String> resume = List.of("resume", "--run=" + store.uri("run"), "--json");
      RunningProcess first =
          frozen(with(store, reference.train(store.uri("dataset"), store.uri("run"))));
      first.send(Signal.KILL);
      assertThat(first.exitCode()).isEqualTo(SIGKILLED);
      RunningProcess second = processes.start("second", folder, store.convoy(resume));
      JsonNode result = second.result();
      assertThat(second.errors()).contains("had this run and is gone; taking it over");
      assertSame(reference, store, result);
    }
  }

  private void assertSame(ReferenceRun reference, ObjectStore store, JsonNode result)
      throws IOException {
    store.download("run/", folder.resolve("copy"));
    reference.assertSameResult(result, new RunFolder(folder.resolve("copy/run")));
  }

  private static List<String> with(ObjectStore store, List<String> arguments) {
    List<String> all = new ArrayList<>(arguments);
    all.add("--master=local[2,4]");
    ObjectStore.connection(store.endpoint().toString()).forEach(s -> all.add("--conf=" + s));
    store.credentials().forEach(s -> all.add("--conf=" + s));
    return all;
  }

  /** A driver that froze while it computed a round, with some rounds behind it. */
  private RunningProcess frozen(List<String> arguments) throws Exception {
    Path markers = Files.createDirectories(folder.resolve("markers"));
    List<String> all = new ArrayList<>(arguments);
    FaultyShuffleManager.settings(
            markers, new TaskFault(TaskFault.Act.STOP, TaskFault.Moment.COMPUTING, 30))
        .forEach(setting -> all.add("--conf=" + setting));
    RunningProcess process = processes.start("first", folder, Distribution.convoyWithFaults(all));
    Await.first(
        "the frozen driver",
        () -> {
          assertThat(process.isAlive()).as(process::story).isTrue();
          return Optional.of(state(process)).filter("T"::equals);
        });
    return process;
  }

  /** The kernel's letter for what a process does. */
  private static String state(RunningProcess process) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
      return stat.substring(stat.lastIndexOf(')') + 2).substring(0, 1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String aged(String lease, Duration by) throws IOException {
    ObjectNode json = (ObjectNode) Json.MAPPER.readTree(lease);
    json.put("heartbeat", Instant.now().minus(by).toString());
    return json.toString();
  }

  private static String onAnotherHost(String lease) throws IOException {
    ObjectNode json = (ObjectNode) Json.MAPPER.readTree(lease);
    json.put("host", "elsewhere");
    json.put("heartbeat", Instant.now().toString());
    return json.toString();
  }
}
