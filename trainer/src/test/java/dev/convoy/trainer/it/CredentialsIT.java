package dev.convoy.trainer.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Only the driver is told the credentials of a bucket; the executors have them, and nobody writes
 * them down.
 */
@Tag("full")
@ExtendWith(ReferenceRunExtension.class)
final class CredentialsIT {

  @RegisterExtension private final Processes processes = new Processes();
  @TempDir private Path folder;

  @Test
  void reachEveryExecutorAndStandNowhere(ReferenceRun reference) throws Exception {
    Path seen = folder.resolve("seen");
    StandaloneCluster cluster =
        StandaloneCluster.start(
            processes,
            seen.resolve("cluster"),
            List.of(StandaloneCluster.HOST, StandaloneCluster.HOST));
    Path events = Files.createDirectories(seen.resolve("events"));
    try (ObjectStore store = ObjectStore.start(folder.resolve("server"), processes)) {
      store.upload(reference.dataset(), "dataset");
      List<String> settings = new ArrayList<>(ObjectStore.connection(store.endpoint().toString()));
      settings.add("spark.eventLog.enabled=true");
      settings.add("spark.eventLog.dir=" + events.toUri());

      List<String> told = new ArrayList<>(settings);
      told.addAll(store.credentials());
      JsonNode first =
          train(cluster, store, "first", submit(cluster, reference, store, "first", told));
      List<String> environment = new ArrayList<>(List.of("env"));
      environment.addAll(store.credentialsInEnvironment());
      environment.addAll(submit(cluster, reference, store, "second", settings));
      JsonNode second = train(cluster, store, "second", environment);

      store.download("first/", seen.resolve("bucket"));
      store.download("second/", seen.resolve("bucket"));
      reference.assertSameResult(first, new RunFolder(seen.resolve("bucket/first")));
      reference.assertSameResult(second, new RunFolder(seen.resolve("bucket/second")));
      assertThat(seen.resolve("bucket/first/report.html")).exists();
      try (Stream<Path> logs = Files.list(events)) {
        assertThat(logs).as("event logs").hasSize(2);
      }
      SecretScan.assertNowhere(store.secrets(), seen);
    }
  }

  @Test
  void runThatFailsDoesNotShowThemEither(ReferenceRun reference) throws Exception {
    Path seen = folder.resolve("seen");
    String wrongKey = "wrong-" + UUID.randomUUID();
    try (ObjectStore store = ObjectStore.start(folder.resolve("server"), processes)) {
      store.upload(reference.dataset(), "dataset");
      List<String> nowhere =
          store.convoy(reference.train(store.uri("nowhere"), store.uri("first")));
      List<String> refused =
          store.convoy(reference.train(store.uri("dataset"), store.uri("second"))).stream()
              .map(word -> word.replaceFirst("(fs\\.s3a\\.secret\\.key=).*", "$1" + wrongKey))
              .toList();
      assertThat(refused).anyMatch(word -> word.endsWith(wrongKey));
      for (List<String> command : List.of(nowhere, refused)) {
        RunningProcess train =
            processes.start(command == nowhere ? "nowhere" : "refused", seen, command);
        assertThat(train.exitCode()).as(train::story).isBetween(1, 4);
      }
      List<String> secrets = new ArrayList<>(store.secrets());
      secrets.add(wrongKey);
      SecretScan.assertNowhere(secrets, seen);
    }
  }

  private static List<String> submit(
      StandaloneCluster cluster,
      ReferenceRun reference,
      ObjectStore store,
      String run,
      List<String> settings)
      throws Exception {
    return cluster.submit(
        reference.train(store.uri("dataset"), store.uri(run)), List.of(), settings);
  }

  private JsonNode train(
      StandaloneCluster cluster, ObjectStore store, String run, List<String> command)
      throws Exception {
    RunningProcess train = processes.start(run, folder.resolve("seen/drivers"), command);
    Await.first(
        "a checkpoint of " + run,
        () -> {
          assertThat(train.isAlive()).as(train::story).isTrue();
          return store.keys(run + "/checkpoints/").stream().findFirst();
        });
    List<ExecutorProcess> executors =
        Await.first(
            "two executors",
            () -> Optional.of(cluster.executors()).filter(running -> running.size() == 2));
    for (ExecutorProcess executor : executors) {
      for (String file : List.of("cmdline", "environ")) {
        Path path = Path.of("/proc", Long.toString(executor.process().pid()), file);
        SecretScan.assertNotIn(
            store.secrets(), Files.readString(path, StandardCharsets.ISO_8859_1), path.toString());
      }
    }
    return train.result();
  }
}
