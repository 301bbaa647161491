package dev.convoy.trainer.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.convoy.data.dataset.Dataset;
import dev.convoy.data.dataset.DatasetManifest;
import dev.convoy.data.storage.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A bucket is only another scheme: same dataset, same run, same bits as on the local disk. */
@ExtendWith(ReferenceRunExtension.class)
final class ObjectStoreIT {

  private static final int INTERRUPTED = 130;

  @RegisterExtension private final Processes processes = new Processes();
  @TempDir private Path folder;

  @Test
  void everythingFromTheImagesToTheirNamesLivesInABucket(ReferenceRun reference) throws Exception {
    Path copy = folder.resolve("copy");
    RunFolder run = new RunFolder(copy.resolve("runs/one"));
    try (ObjectStore store = ObjectStore.start(folder.resolve("server"), processes)) {
      store.upload(reference.drawings(), "drawings");
      convoy(store, "ingest", ReferenceRun.ingest(store.uri("drawings"), store.uri("dataset")))
          .result();
      interruptedTraining(store, reference);
      JsonNode trained = convoy(store, "resume", resume(store)).result();
      JsonNode evaluated = convoy(store, "evaluate", evaluate(store)).result();
      JsonNode predicted = convoy(store, "predict", predict(store)).result();
      JsonNode exported = convoy(store, "export", export(store)).result();

      assertThat(store.unfinishedUploads()).isEmpty();
      store.download("", copy);
      assertSameDataset(reference.dataset(), copy.resolve("dataset"));
      reference.assertSameResult(trained, run);
      assertThat(run.events())
          .hasSize(2)
          .first()
          .asString()
          .startsWith("stopped early after round ");
      assertThat(trained.path("report").asText()).isEqualTo(store.uri("runs/one/report.html"));
      assertThat(run.path().resolve("report.html")).content().contains("</html>");
      assertThat(evaluated.path("top1")).isEqualTo(trained.path("top1"));
      assertThat(predicted.path("output").asText()).isEqualTo(store.uri("names.csv"));
      assertMostlyRight(copy.resolve("names.csv"), copy.resolve("drawings"));
      assertThat(exported.path("output").asText()).isEqualTo(store.uri("network.onnx"));
      assertThat(exported.path("sha256").asText())
          .isEqualTo(Sha256.hex(Sha256.of(Files.readAllBytes(copy.resolve("network.onnx")))));
      SecretScan.assertNowhere(store.secrets(), copy);
      SecretScan.assertNowhere(store.secrets(), folder.resolve("commands"));
    }
  }

  private void interruptedTraining(ObjectStore store, ReferenceRun reference) throws Exception {
    RunningProcess train =
        convoy(store, "train", reference.train(store.uri("dataset"), store.uri("runs/one")));
    Await.first(
        "a checkpoint",
        () -> {
          assertThat(train.isAlive()).as(train::story).isTrue();
          return store.keys("runs/one/checkpoints/").stream()
              .filter(key -> key.endsWith("/checkpoint.json"))
              .findFirst();
        });
    train.send(Signal.INT);
    assertThat(train.exitCode()).as(train::story).isEqualTo(INTERRUPTED);
    assertThat(store.keys("runs/one/"))
        .contains("runs/one/metrics.jsonl")
        .doesNotContain("runs/one/lease.json", "runs/one/result.json");
  }

  private static List<String> resume(ObjectStore store) {
    return List.of("resume", "--run=" + store.uri("runs/one"), "--json");
  }

  private static List<String> evaluate(ObjectStore store) {
    return List.of(
        "evaluate",
        "--checkpoint=" + store.uri("runs/one"),
        "--dataset=" + store.uri("dataset"),
        "--split=test",
        "--json");
  }

  private static List<String> predict(ObjectStore store) {
    return List.of(
        "predict",
        "--checkpoint=" + store.uri("runs/one"),
        "--input=" + store.uri("drawings"),
        "--output=" + store.uri("names.csv"),
        "--top=1",
        "--json");
  }

  private static List<String> export(ObjectStore store) {
    return List.of(
        "export",
        "--checkpoint=" + store.uri("runs/one"),
        "--format=onnx",
        "--output=" + store.uri("network.onnx"),
        "--json");
  }

  private RunningProcess convoy(ObjectStore store, String name, List<String> arguments)
      throws IOException {
    return processes.start(name, folder.resolve("commands"), store.convoy(arguments));
  }

  private static void assertSameDataset(Path expected, Path copy) throws IOException {
    DatasetManifest manifest = manifest(copy);
    assertThat(manifest.fingerprint()).isEqualTo(manifest(expected).fingerprint());
    assertThat(manifest.shards()).isEqualTo(manifest(expected).shards());
  }

  private static DatasetManifest manifest(Path dataset) throws IOException {
    return Dataset.open(dataset.toString(), new Configuration()).manifest();
  }

  /** Whether a line `class/number.png,class,...` stands for every drawing, most of them right. */
  private static void assertMostlyRight(Path names, Path drawings) throws IOException {
    List<String[]> rows =
        Files.readAllLines(names, StandardCharsets.UTF_8).stream()
            .skip(1)
            .map(line -> line.split(",", -1))
            .toList();
    assertThat(rows).extracting(row -> row[0]).containsExactlyElementsOf(files(drawings));
    assertThat(rows.stream().filter(row -> row[0].startsWith(row[1] + "/")))
        .hasSizeGreaterThan(rows.size() / 2);
  }

  private static List<String> files(Path folder) throws IOException {
    try (Stream<Path> found = Files.walk(folder)) {
      return found
          .filter(Files::isRegularFile)
          .map(file -> folder.relativize(file).toString())
          .sorted()
          .toList();
    }
  }
}
