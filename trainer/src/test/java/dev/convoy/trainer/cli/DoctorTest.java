package dev.convoy.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.convoy.data.storage.Storage;
import dev.convoy.trainer.FileTree;
import dev.convoy.trainer.TinyImages;
import dev.convoy.trainer.run.RunLease;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code convoy doctor} on an embedded Spark. */
final class DoctorTest {

  @TempDir private static Path shared;
  private static Path dataset;

  @TempDir private Path folder;

  @BeforeAll
  static void ingest() throws IOException {
    dataset = shared.resolve("dataset");
    Path images = TinyImages.write(shared.resolve("images"), 10, "dark", "light");
    Outcome.onSpark("ingest", "--input", images.toString(), "--output", dataset.toString()).done();
  }

  private List<String> doctor(Path dataset, String run, String... more) throws IOException {
    Path config = folder.resolve("run.yaml");
    Files.writeString(
        config,
        """
        dataset: %s
        run: %s
        epochs: 1
        workers: 2
        batch: 5
        model: {name: lenet}
        optimizer: {learning_rate: 0.01}
        """
            .formatted(dataset, run));
    List<String> arguments = new ArrayList<>(List.of("doctor", "--config", config.toString()));
    arguments.addAll(List.of(more));
    return arguments;
  }

  private Outcome examine(String... more) throws IOException {
    return Outcome.onSpark(
        doctor(dataset, folder.resolve("run").toString(), more).toArray(String[]::new));
  }

  @Test
  void directoryThatATrainingWouldRefuse() throws IOException {
    List<String> train = doctor(dataset, folder.resolve("run").toString());
    train.set(0, "train");
    Outcome.onSpark(train.toArray(String[]::new)).done();
    assertThat(examine().done().out())
        .contains("warning")
        .contains("run already holds this run", "resume --run it");
    Outcome other = examine("--set", "seed=8");
    assertThat(other.exitCode()).as(other.err()).isEqualTo(4);
    assertThat(other.out()).contains("belongs to another configuration");
    try (RunLease lease =
        RunLease.acquire(
            Storage.at(folder.resolve("run").toString(), new Configuration()), Clock.systemUTC())) {
      lease.check();
      Outcome held = examine();
      assertThat(held.exitCode()).as(held.err()).isEqualTo(4);
      assertThat(held.out()).contains("is held by process " + ProcessHandle.current().pid());
    }
  }

  @Test
  void clusterThatIsWellHasOneLineForEachCheck() throws IOException {
    Outcome outcome = examine().done();
    List<String> lines = outcome.out().lines().toList();
    assertThat(lines).last().isEqualTo("a run can start");
    assertThat(lines.subList(0, lines.size() - 1)).allMatch(line -> line.startsWith("ok "));
    assertThat(
            lines.stream().limit(lines.size() - 1).map(line -> line.split(" +", -1)[1]).distinct())
        .containsExactly(
            "run",
            "executors",
            "clock",
            "software",
            "profile",
            "gpus",
            "slots",
            "store",
            "dataset",
            "memory",
            "heap",
            "serialization");
    assertThat(outcome.out()).contains("workers: 2, slots: 1", "driver: writes, replaces, reads");
    assertThat(FileTree.of(folder.resolve("run"))).isEmpty();
    try (Stream<Path> left = Files.list(folder.resolve("run"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void jsonSaysTheSame() throws IOException {
    JsonNode json = examine("--json").done().json();
    assertThat(json.path("ok").asBoolean()).isTrue();
    assertThat(json.path("findings"))
        .hasSizeGreaterThanOrEqualTo(11)
        .allSatisfy(
            finding -> {
              assertThat(finding.path("level").asText()).isEqualTo("ok");
              assertThat(finding.path("check").asText()).isNotEmpty();
              assertThat(finding.path("where").asText()).isNotEmpty();
              assertThat(finding.path("detail").asText()).isNotEmpty();
              assertThat(finding.path("advice").asText()).isEmpty();
            });
  }

  /** All that is wrong, at once: store, serializer, heap of results, GPUs. */
  @Test
  void clusterThatIsIllHasExitCode4() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "no folder");
    Outcome outcome =
        Outcome.onSpark(
            doctor(
                    dataset,
                    file.resolve("run").toString(),
                    "--conf",
                    "spark.kryoserializer.buffer.max=100k",
                    "--set",
                    "device=gpu")
                .toArray(String[]::new));
    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(4);
    assertThat(outcome.out().lines().filter(line -> line.startsWith("fails")))
        .anySatisfy(line -> assertThat(line).contains(" store ", "driver", "file/run"))
        .anySatisfy(
            line ->
                assertThat(line)
                    .contains(" serialization ", "Buffer overflow", "kryoserializer.buffer.max"))
        .anySatisfy(line -> assertThat(line).contains(" profile ", "Spark assigned no GPU"))
        .anySatisfy(line -> assertThat(line).contains(" gpus ", "no GPU is assigned to a task"))
        .hasSize(4);
    assertThat(outcome.out()).endsWith("a run would fail" + System.lineSeparator());
    assertThat(outcome.out() + outcome.err()).doesNotContain("\tat ");
  }

  @Test
  void resultsThatAreTooLargeForTheDriverAreFound() throws IOException {
    Outcome outcome = examine("--conf", "spark.driver.maxResultSize=100k");
    assertThat(outcome.exitCode()).isEqualTo(4);
    assertThat(outcome.out())
        .containsPattern(
            "fails +serialization +cluster: a round's average is 4\\d\\d KiB,"
                + " spark.driver.maxResultSize is 100 KiB; ");
  }

  @Test
  void serializerThatLacksClassesIsFound() throws IOException {
    Outcome outcome =
        examine("--conf", "spark.kryo.registrator=org.nd4j.kryo.Nd4jRegistrator", "--json");
    assertThat(outcome.exitCode()).isEqualTo(4);
    JsonNode findings = outcome.json().path("findings");
    assertThat(findings)
        .filteredOn(finding -> finding.path("level").asText().equals("fails"))
        .allSatisfy(
            finding -> {
              assertThat(finding.path("check").asText()).isEqualTo("serialization");
              assertThat(finding.path("detail").asText()).contains("Class is not registered");
              assertThat(finding.path("advice").asText()).contains("ConvoyKryoRegistrator");
            })
        .isNotEmpty();
  }

  @Test
  void damagedShardIsFound() throws IOException {
    Path copy = FileTree.copy(dataset, folder.resolve("copy"));
    try (Stream<Path> files = Files.walk(copy)) {
      for (Path shard : files.filter(f -> f.toString().endsWith(".parquet")).toList()) {
        FileTree.flipBit(shard);
      }
    }
    Outcome outcome =
        Outcome.onSpark(doctor(copy, folder.resolve("run").toString()).toArray(String[]::new));
    assertThat(outcome.exitCode()).isEqualTo(4);
    assertThat(outcome.out().lines().filter(line -> line.startsWith("fails")))
        .singleElement()
        .asString()
        .contains(" dataset ", "is damaged: SHA-256 expected");
  }

  @Test
  void damagedManifestIsFoundBesideTheRest() throws IOException {
    Path copy = FileTree.copy(dataset, folder.resolve("copy"));
    try (Stream<Path> files = Files.walk(copy)) {
      FileTree.flipBit(files.filter(f -> f.endsWith("manifest.json")).findFirst().orElseThrow());
    }
    Outcome outcome =
        Outcome.onSpark(doctor(copy, folder.resolve("run").toString()).toArray(String[]::new));
    assertThat(outcome.exitCode()).as(outcome.out() + outcome.err()).isEqualTo(4);
    assertThat(outcome.out()).contains("fails    dataset", "ok       store", "ok       software");
  }

  @Test
  void wrongConfigurationHasExitCode2() throws IOException {
    examine("--set", "workers=0").refused(2, "workers: is out of range");
    examine("--set", "workers=1000")
        .refused(2, "workers: 1000, but the training split has 20 examples");
    Outcome.of("doctor").refused(2, "--config FILE is missing");
    examine("--wait", "0").refused(2, "--wait is 0; at least 1 is needed");
  }
}
