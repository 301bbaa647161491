package dev.convoy.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.trainer.FileTree;
import dev.convoy.trainer.TinyImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a person gives {@code resume} is wrong or damaged: the exit code, one message, and nothing
 * lost.
 */
final class BadResumeTest {

  @TempDir private static Path shared;
  private static TinyRun tiny;

  @TempDir private Path folder;
  private Path run;

  @BeforeAll
  static void trainOnce() throws IOException {
    tiny = TinyRun.train(shared);
  }

  @BeforeEach
  void nameRun() {
    run = folder.resolve("run");
  }

  @Test
  void datasetReplacedByAnother() throws IOException {
    Path replaced = FileTree.copy(tiny.dataset(), folder.resolve("dataset"));
    tiny.train(run, "dataset=" + replaced, "epochs=1").done();
    try (Stream<Path> versions = Files.list(replaced.resolve("versions"))) {
      for (Path version : versions.toList()) {
        Files.move(version, folder.resolve(version.getFileName()));
      }
    }
    TinyRun.ingest(TinyImages.write(folder.resolve("images"), 5, "dark", "light"), replaced).done();
    Map<String, String> before = FileTree.of(run);
    TinyRun.resume(run).refused(2, "has no version 00001-", "it has 0000");
    TinyRun.resume(run, "--set", "dataset_version=newest")
        .refused(2, "dataset_version: was \"00001-", "now newest");
    assertThat(FileTree.of(run)).isEqualTo(before);
  }

  /** Its fingerprint and the name of its version are the same. */
  @Test
  void datasetOfTheSameImagesInOtherSplits() throws IOException {
    Path images = TinyImages.write(folder.resolve("images"), 9, "dark", "light");
    Path first = folder.resolve("first");
    Path other = folder.resolve("other");
    TinyRun.ingest(images, first).done();
    TinyRun.ingest(images, other, "--validation-share", "0.3").done();
    tiny.train(run, "dataset=" + first, "epochs=1").done();
    Map<String, String> before = FileTree.of(run);
    TinyRun.resume(run, "--set", "dataset=" + other)
        .refused(2, "in other splits or shards", "--validation-share");
    assertThat(FileTree.of(run)).isEqualTo(before);
  }

  @Test
  void experimentKeysAreRefusedOnResume() throws IOException {
    FileTree.copy(tiny.finished(), run);
    Map<String, String> before = FileTree.of(run);
    TinyRun.resume(run, "--set", "batch=6", "--set", "sync.steps=4")
        .refused(2, "keeps its experiment", "batch: was 5, now 6", "sync.steps: was 1, now 4");
    TinyRun.resume(run, "--set", "bacth=6")
        .refused(2, "bacth: is an unknown key", "did you mean 'batch'?");
    assertThat(FileTree.of(run)).isEqualTo(before);
  }

  @Test
  void damagedNewestCheckpointIsPassedOver() throws IOException {
    FileTree.copy(tiny.finished(), run);
    FileTree.flipBit(TinyRun.newestCheckpoint(run).resolve("momentum.safetensors"));
    Outcome again = TinyRun.resume(run, "--json", "--set", "checkpoint.keep=1").done();
    assertThat(again.json().path("parameters_sha256").asText()).isEqualTo(tiny.digest());
    assertThat(again.json().path("rounds").asInt()).isPositive();
    assertThat(Files.readAllLines(run.resolve("metrics.jsonl")))
        .anyMatch(line -> line.contains("resumed from round"));
  }

  @Test
  void allCheckpointsDamaged() throws IOException {
    FileTree.copy(tiny.finished(), run);
    List<Path> checkpoints = TinyRun.checkpoints(run);
    assertThat(checkpoints).hasSizeGreaterThan(1);
    for (Path checkpoint : checkpoints) {
      FileTree.flipBit(checkpoint.resolve("model.safetensors"));
    }
    Map<String, String> before = FileTree.of(run);
    TinyRun.resume(run)
        .refused(
            3, "none of the checkpoints", "is whole", TinyRun.newestCheckpoint(run).toString());
    Outcome.onSpark(
            "evaluate", "--checkpoint", run.toString(), "--dataset", tiny.dataset().toString())
        .refused(3, "none of the checkpoints", "is whole");
    assertThat(FileTree.of(run)).isEqualTo(before);
  }

  @Test
  void runRecordThatWasChanged() throws IOException {
    FileTree.copy(tiny.finished(), run);
    Path record = run.resolve("run.json");
    Files.writeString(record, Files.readString(record).replace("seed: 1", "seed: 2"));
    TinyRun.resume(run).refused(3, "run.json is damaged", "digest");
  }

  @Test
  void checkpointsOfAnotherRun() throws IOException {
    tiny.train(run, "seed=3", "epochs=1").done();
    FileTree.copy(tiny.finished().resolve("checkpoints"), run.resolve("checkpoints"));
    TinyRun.resume(run).refused(3, "is of another run than the run.json beside it");
  }
}
