package dev.convoy.trainer.training;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.convoy.data.dataset.Split;
import dev.convoy.data.storage.Sha256;
import dev.convoy.data.storage.Storage;
import dev.convoy.models.state.NetworkState;
import dev.convoy.trainer.Json;
import dev.convoy.trainer.SealedJson;
import dev.convoy.trainer.checkpoint.Checkpoint;
import dev.convoy.trainer.checkpoint.Checkpoints;
import dev.convoy.trainer.run.EpochMetrics;
import dev.convoy.trainer.run.SoftwareVersions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What whole runs must be. */
class TrainingJobTest {

  private static final Configuration HADOOP = new Configuration(false);

  @TempDir static Path folder;
  private static Path dataset;

  @BeforeAll
  static void ingest() throws IOException {
    dataset = SmallRun.dataset(folder);
  }

  @AfterAll
  static void stopSpark() {
    SmallRun.session().stop();
  }

  @Test
  void everyExampleIsUsedOnceAnEpochAndTheRunLearns() throws Exception {
    RunResult result =
        SmallRun.job()
            .train(
                SmallRun.config(
                    dataset,
                    folder.resolve("learns"),
                    "epochs=12",
                    "optimizer.learning_rate=0.05"));

    TrainingSetup setup =
        TrainingSetups.of(SmallRun.config(dataset, folder.resolve("learns")), HADOOP);
    assertThat(result.examples()).isEqualTo(12 * setup.manifest().examples(Split.TRAIN));
    assertThat(result.split()).contains("test");
    assertThat(result.top1().orElseThrow()).isGreaterThan(0.9);
    List<EpochMetrics> epochs =
        Files.readAllLines(folder.resolve("learns/metrics.jsonl")).stream()
            .filter(line -> line.contains("\"kind\":\"epoch\""))
            .map(TrainingJobTest::epoch)
            .toList();
    assertThat(epochs).hasSize(12);
    assertThat(epochs.get(11).loss()).isLessThan(0.5 * epochs.get(0).loss());
    assertThat(Files.readString(folder.resolve("learns/report.html")))
        .contains("shuffled globally", "Confusion on the test split");
  }

  @Test
  void resumingFromAnyCheckpointEndsInTheSameBits() throws Exception {
    Path whole = folder.resolve("whole");
    String expected = SmallRun.job().train(SmallRun.config(dataset, whole)).parametersSha256();
    List<String> checkpoints = names(whole.resolve("checkpoints"));
    assertThat(checkpoints).hasSizeGreaterThanOrEqualTo(4);

    for (String newest : checkpoints) {
      Path copy = folder.resolve("copy-" + newest);
      copyUpTo(whole, copy, newest);
      RunResult resumed = SmallRun.job().resume(copy.toString(), List.of("run=" + copy));
      assertThat(resumed.parametersSha256()).as("resumed from %s", newest).isEqualTo(expected);
      assertThat(roundsOf(copy)).as("rounds in the metrics").isEqualTo(roundsOf(whole));
    }
  }

  /** Another version of Convoy has other keys, and another digest of the same experiment. */
  @Test
  void runOfAnotherVersionOfConvoyIsResumedAgainAndAgain() throws Exception {
    Path whole = folder.resolve("of-this-version");
    RunResult expected = SmallRun.job().train(SmallRun.config(dataset, whole));
    List<String> checkpoints = names(whole.resolve("checkpoints"));
    Path copy = folder.resolve("of-another-version");
    copyUpTo(whole, copy, checkpoints.get(0));
    Path checkpoint = copy.resolve("checkpoints").resolve(checkpoints.get(0));
    String digest =
        Checkpoints.find(whole.toString(), HADOOP)
            .record()
            .trained()
            .origin()
            .training()
            .orElseThrow()
            .experiment();
    reseal(copy.resolve("run.json"), digest, "e".repeat(64));
    reseal(copy.resolve("run.json"), SoftwareVersions.current("").java(), "1.8");
    reseal(checkpoint.resolve("checkpoint.json"), digest, "e".repeat(64));

    for (int time = 0; time < 3; time++) {
      RunResult resumed = SmallRun.job().resume(copy.toString(), List.of("run=" + copy));
      assertThat(resumed.parametersSha256()).isEqualTo(expected.parametersSha256());
    }
    String java = "other software: Java " + Runtime.version() + " (was 1.8)\"";
    assertThat(Files.readAllLines(copy.resolve("metrics.jsonl")))
        .filteredOn(line -> line.contains("\"what\":\"goes on with"))
        .hasSize(3)
        .allSatisfy(line -> assertThat(line).contains(java));
    assertThat(copy.resolve("report.html")).content().contains("other software: Java");
  }

  private static void reseal(Path file, String old, String now) throws IOException {
    ObjectNode record = SealedJson.tree(Files.readString(file).replace(old, now).getBytes(UTF_8));
    record.remove("sha256");
    record.put("sha256", Sha256.hex(Sha256.of(Json.MAPPER.writeValueAsBytes(record))));
    Files.write(file, Json.MAPPER.writeValueAsBytes(record));
  }

  @Test
  void theSameExperimentInAnotherDirectoryGivesTheSameBitsAndAnotherSeedDoesNot() throws Exception {
    String first =
        SmallRun.job().train(SmallRun.config(dataset, folder.resolve("first"))).parametersSha256();
    String again =
        SmallRun.job().train(SmallRun.config(dataset, folder.resolve("again"))).parametersSha256();
    String other =
        SmallRun.job()
            .train(SmallRun.config(dataset, folder.resolve("other"), "seed=8"))
            .parametersSha256();
    assertThat(again).isEqualTo(first);
    assertThat(other).isNotEqualTo(first);
  }

  @Test
  void batchNormStatisticsAndResidualsTrainToo() throws Exception {
    RunResult result =
        SmallRun.job()
            .train(
                SmallRun.config(
                    dataset,
                    folder.resolve("resnet"),
                    "model={name: resnet20_cifar, input: {channels: 3, height: 28, width: 28}}",
                    "epochs=1",
                    "batch=14"));
    NetworkState state = state(result);
    for (float parameter : state.parameters()) {
      assertThat(parameter).isFinite();
    }
  }

  private static NetworkState state(RunResult result) throws Exception {
    Checkpoint checkpoint = Checkpoints.find(result.checkpoint(), HADOOP);
    assertThat(checkpoint.record().parametersSha256()).isEqualTo(result.parametersSha256());
    return checkpoint.state();
  }

  private static EpochMetrics epoch(String line) {
    try {
      return Json.MAPPER.readValue(line, EpochMetrics.class);
    } catch (IOException e) {
      throw new IllegalArgumentException(line, e);
    }
  }

  private static List<Long> roundsOf(Path run) throws IOException {
    List<Long> rounds = new ArrayList<>();
    for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
      if (line.contains("\"kind\":\"round\"")) {
        rounds.add(Json.MAPPER.readTree(line).get("round").asLong());
      }
    }
    return rounds;
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> children = Files.list(folder)) {
      return children.map(p -> p.getFileName().toString()).sorted().toList();
    }
  }

  /** A run directory as it was when a checkpoint was the newest; the metrics may be ahead of it. */
  private static void copyUpTo(Path run, Path copy, String newest) throws IOException {
    Files.createDirectories(copy.resolve("checkpoints"));
    Files.copy(run.resolve("run.json"), copy.resolve("run.json"));
    Files.copy(run.resolve("metrics.jsonl"), copy.resolve("metrics.jsonl"));
    Storage checkpoints = Storage.at(run.resolve("checkpoints").toString(), HADOOP);
    for (String name : names(run.resolve("checkpoints"))) {
      if (Comparator.<String>naturalOrder().compare(name, newest) <= 0) {
        for (var file : checkpoints.list(name)) {
          Path target = copy.resolve("checkpoints").resolve(name).resolve(file.name());
          Files.createDirectories(target.getParent());
          Files.copy(run.resolve("checkpoints").resolve(name).resolve(file.name()), target);
        }
      }
    }
  }
}
