package dev.convoy.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.data.storage.Storage;
import dev.convoy.trainer.FileTree;
import dev.convoy.trainer.checkpoint.CheckpointStore;
import dev.convoy.trainer.run.RunLease;
import dev.convoy.trainer.training.FullDiskFileContext;
import dev.convoy.trainer.training.FullDiskFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a person gives {@code train} is wrong, or the run breaks: the exit code, one message, and
 * nothing lost or half-written.
 */
final class BadTrainingTest {

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
  void everyProblemOfDatasetModelAndAugmentationIsSaidAtOnce() throws IOException {
    tiny.train(
            run,
            "dataset=" + folder.resolve("none"),
            "model.name=lenett",
            "augment.train=[{flipp: {probability: 0.5}}, {shift: {pixels: -1}}]",
            "augment.evaluate=[{resize: {heigth: 3}}]")
        .refused(
            2,
            "There is nothing at",
            "ingest",
            "there is no model named lenett. Did you mean lenet or alexnet?",
            "flipp",
            "shift",
            "heigth");
    assertThat(run).doesNotExist();
  }

  @Test
  void everyProblemWithDatasetAtHandIsSaidAtOnce() throws IOException {
    tiny.train(
            run,
            "workers=1000",
            "model.arguments={width: 3}",
            "augment.normalize={mean: [0, 0, 0], std: [1, 1, 1]}",
            "augment.train=[{crop: {}}]",
            "evaluation.split=validation")
        .refused(
            2,
            "workers: 1000, but the training split has 30 examples",
            "width",
            "evaluation.split: ",
            "crop");
    assertThat(run).doesNotExist();
  }

  @Test
  void moreThreadsThanCoresOfAnExecutor() throws IOException {
    tiny.train(run, "threads=2")
        .refused(2, "threads is 2, but an executor of local[1,2] has fewer cores");
    assertThat(run).doesNotExist();
  }

  @Test
  void versionThatDoesNotExist() throws IOException {
    tiny.train(run, "dataset_version=00009-0123456789ab")
        .refused(2, "has no version 00009-0123456789ab; it has 00001-");
    assertThat(run).doesNotExist();
  }

  @Test
  void imagesThatNeedResize() throws IOException {
    tiny.train(run, "model.input={height: 32, width: 32}")
        .refused(
            2,
            "augment.train: an image of 28 x 28 pixels comes out as 28 x 28, but the model takes 32 x 32",
            "add the step resize: {height: 32, width: 32}",
            "augment.evaluate: ");
    assertThat(run).doesNotExist();
  }

  @Test
  void drawnSizeWithoutCrop() throws IOException {
    tiny.train(run, "augment.train=[{resize: {shorter: [28, 32]}}]")
        .refused(
            2,
            "augment.train: an image of 28 x 28 pixels comes out as 32 x 32, but the model takes 28 x 28");
    assertThat(run).doesNotExist();
  }

  @Test
  void sparkThatCannotStart() throws IOException {
    Path config = tiny.config(run, run.toString());
    Outcome.onSpark("train", "--config", config.toString(), "--conf", "spark.memory.fraction=most")
        .refused(2, "Spark cannot start", "most");
    assertThat(run).doesNotExist();
  }

  @Test
  void colourStepOnGreyImages() throws IOException {
    tiny.train(run, "augment.train=[{lighting: {deviation: 0.1}}]")
        .refused(2, "augment.train: lighting shifts red, green and blue, but the images are grey");
    assertThat(run).doesNotExist();
  }

  @Test
  void runDirectoryOfAnotherConfiguration() throws IOException {
    Map<String, String> before = FileTree.of(tiny.finished());
    tiny.train(run, "run=" + tiny.finished(), "seed=7", "optimizer.learning_rate=0.2")
        .refused(
            2,
            "belongs to another configuration",
            "seed: was 1, now 7",
            "optimizer.learning_rate: was 0.01, now 0.2");
    assertThat(FileTree.of(tiny.finished())).isEqualTo(before);
  }

  @Test
  void runDirectoryOfThisRun() throws IOException {
    Map<String, String> before = FileTree.of(tiny.finished());
    tiny.train(run, "run=" + tiny.finished())
        .refused(2, "already holds this run; `resume --run` goes on with it");
    assertThat(FileTree.of(tiny.finished())).isEqualTo(before);
  }

  @Test
  void runHeldByAnotherProcess() throws IOException {
    FileTree.copy(tiny.finished(), run);
    Storage held = Storage.at(run.toString(), new Configuration());
    Path fresh = folder.resolve("fresh");
    Storage heldFresh = Storage.at(fresh.toString(), new Configuration());
    Map<String, String> before = FileTree.of(run);
    try (RunLease lease = RunLease.acquire(held, Clock.systemUTC());
        RunLease freshLease = RunLease.acquire(heldFresh, Clock.systemUTC())) {
      lease.check();
      freshLease.check();
      TinyRun.resume(run)
          .refused(5, "is held by process " + ProcessHandle.current().pid(), "until");
      tiny.train(run, "run=" + fresh)
          .refused(5, "is held by process " + ProcessHandle.current().pid());
      assertThat(FileTree.of(fresh).keySet()).containsExactly("lease.json");
    }
    assertThat(FileTree.of(run)).isEqualTo(before);
  }

  @Test
  void corruptShardInTraining() throws IOException {
    Path damaged = FileTree.copy(tiny.dataset(), folder.resolve("dataset"));
    Path shard = TinyRun.shard(damaged, "train");
    FileTree.flipBit(shard);
    tiny.train(run, "dataset=" + damaged)
        .refused(3, shard.getFileName() + " is damaged: SHA-256 expected", "restore the file");
    Files.delete(shard);
    TinyRun.resume(run).refused(3, shard.getFileName() + " is missing", "ingest the images again");
    Files.copy(TinyRun.shard(tiny.dataset(), "train"), shard);
    assertThat(TinyRun.resume(run, "--json").done().json().path("parameters_sha256").asText())
        .isEqualTo(tiny.digest());
  }

  @Test
  void divergenceKeepsLastGoodCheckpoint() throws Exception {
    Outcome diverged =
        tiny.train(run, "optimizer.learning_rate=1.0e+6", "epochs=9")
            .refused(3, "worker ", "round ", ".png", "the state before this round is kept");
    List<Path> kept = TinyRun.checkpoints(run);
    assertThat(kept).isNotEmpty();
    for (Path checkpoint : kept) {
      assertThat(
              CheckpointStore.read(Storage.at(checkpoint.toString(), new Configuration()))
                  .state()
                  .isFinite())
          .isTrue();
    }
    assertThat(run.resolve("lease.json")).doesNotExist();
    assertThat(reason(TinyRun.resume(run).refused(3, "is kept")))
        .as("the same batch again")
        .isEqualTo(reason(diverged));
    TinyRun.resume(run, "--set", "optimizer.learning_rate=0.001")
        .refused(
            2,
            "a resumed run keeps its experiment",
            "optimizer.learning_rate: was 1000000.0, now 0.001",
            "start another run for them");
    assertThat(TinyRun.checkpoints(run)).isEqualTo(kept);
  }

  private static String reason(Outcome outcome) {
    return outcome
        .err()
        .lines()
        .filter(line -> line.startsWith("convoy: "))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void fullDisk() throws IOException {
    Path config = tiny.config(run, "full://" + run);
    String[] onFullDisk = {
      "--conf",
      "spark.hadoop.fs.full.impl=" + FullDiskFileSystem.class.getName(),
      "--conf",
      "spark.hadoop.fs.AbstractFileSystem.full.impl=" + FullDiskFileContext.class.getName()
    };
    FullDiskFileSystem.setFree(1_200_000);
    try {
      Outcome.onSpark(with(onFullDisk, "train", "--config", config.toString()))
          .refused(4, run + "/", "No space left on device");
    } finally {
      FullDiskFileSystem.setFree(Long.MAX_VALUE);
    }
    assertThat(TinyRun.checkpoints(run)).isNotEmpty();
    assertThat(run.resolve("lease.json")).doesNotExist();
    Outcome resumed =
        Outcome.onSpark(with(onFullDisk, "resume", "--run", "full://" + run, "--json")).done();
    assertThat(resumed.json().path("parameters_sha256").asText()).isEqualTo(tiny.digest());
  }

  private static String[] with(String[] more, String... args) {
    return Stream.of(args, more).flatMap(Stream::of).toArray(String[]::new);
  }
}
