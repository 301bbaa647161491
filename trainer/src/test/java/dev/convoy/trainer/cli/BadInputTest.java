package dev.convoy.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.data.storage.Storage;
import dev.convoy.trainer.FileTree;
import dev.convoy.trainer.TinyImages;
import dev.convoy.trainer.checkpoint.CheckpointStore;
import dev.convoy.trainer.run.RunLease;
import dev.convoy.trainer.training.FullDiskFileContext;
import dev.convoy.trainer.training.FullDiskFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person gives is wrong: the exit code, one message, and nothing lost or half-written. */
final class BadInputTest {

  private static final String CONFIG =
      """
      dataset: %s
      run: %s
      epochs: 2
      workers: 2
      batch: 5
      sync: {steps: 1}
      model: {name: lenet}
      optimizer: {learning_rate: 0.01}
      checkpoint: {every_rounds: 1, keep: 3}
      """;

  @TempDir private static Path shared;
  private static Path images;
  private static Path dataset;
  private static Path finishedRun;
  private static String finishedDigest;

  @TempDir private Path folder;
  private Path run;

  @BeforeAll
  static void trainOnce() throws IOException {
    images = TinyImages.write(shared.resolve("images"), 20, "dark", "light");
    dataset = shared.resolve("dataset");
    ingest(images, dataset, "--test-share", "0.2").done();
    finishedRun = shared.resolve("run");
    Path config = shared.resolve("run.yaml");
    Files.writeString(config, CONFIG.formatted(dataset, finishedRun));
    finishedDigest =
        Outcome.onSpark("train", "--config", config.toString(), "--json")
            .done()
            .json()
            .path("parameters_sha256")
            .asText();
    assertThat(finishedDigest).hasSize(64);
  }

  @BeforeEach
  void nameRun() {
    run = folder.resolve("run");
  }

  // ingest

  @Test
  void ingestWithoutInput() throws IOException {
    Path output = folder.resolve("dataset");
    ingest(folder.resolve("none"), output).refused(2, folder + "/none");
    assertThat(output).doesNotExist();
  }

  @Test
  void ingestOfEmptyFolder() throws IOException {
    Path output = folder.resolve("dataset");
    ingest(Files.createDirectory(folder.resolve("empty")), output)
        .refused(3, "is empty; it must hold one folder of images per class");
    assertThat(output).doesNotExist();
  }

  @Test
  void ingestOfOneClass() throws IOException {
    Path output = folder.resolve("dataset");
    Path input = TinyImages.write(folder.resolve("images"), 2, "dark");
    ingest(input, output).refused(3, "class", "dark");
    assertThat(output).doesNotExist();
  }

  @Test
  void fewFilesThatAreNoImagesAreListedAndManyRefused() throws IOException {
    Path input = TinyImages.write(folder.resolve("images"), 4, "dark", "light");
    Files.writeString(input.resolve("dark/letter.png"), "this is no image");
    Path output = folder.resolve("dataset");
    ingest(input, output, "--max-reject-share", "0.1")
        .refused(3, "dark/letter.png", "11.11%", "10.00%", "Nothing was written");
    assertThat(FileTree.of(output)).isEmpty();
    assertThat(
            ingest(input, output, "--max-reject-share", "0.2", "--json").done().json().toString())
        .contains("\"rejected\":1", "\"listed\":9");
    assertThat(FileTree.of(output).keySet()).anyMatch(name -> name.endsWith("rejects.csv"));
    try (Stream<Path> files = Files.walk(output)) {
      Path rejects = files.filter(f -> f.endsWith("rejects.csv")).findFirst().orElseThrow();
      assertThat(rejects).content().contains("dark/letter.png");
    }
  }

  // train

  @Test
  void everyProblemOfDatasetModelAndAugmentationIsSaidAtOnce() throws IOException {
    train(
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
    train(
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
    train("threads=2").refused(2, "threads is 2, but an executor of local[1,2] has fewer cores");
    assertThat(run).doesNotExist();
  }

  @Test
  void versionThatDoesNotExist() throws IOException {
    train("dataset_version=00009-0123456789ab")
        .refused(2, "has no version 00009-0123456789ab; it has 00001-");
    assertThat(run).doesNotExist();
  }

  @Test
  void imagesThatNeedResize() throws IOException {
    train("model.input={height: 32, width: 32}")
        .refused(
            2,
            "augment.train: images of 28 x 28 pixels come out as 28 x 28, but the model takes 32 x 32",
            "add the step resize: {height: 32, width: 32}",
            "augment.evaluate: ");
    assertThat(run).doesNotExist();
  }

  @Test
  void colourStepOnGreyImages() throws IOException {
    train("augment.train=[{lighting: {deviation: 0.1}}]")
        .refused(2, "augment.train: lighting shifts red, green and blue, but the images are grey");
    assertThat(run).doesNotExist();
  }

  @Test
  void runDirectoryOfAnotherConfiguration() throws IOException {
    Map<String, String> before = FileTree.of(finishedRun);
    train("run=" + finishedRun, "seed=7", "optimizer.learning_rate=0.2")
        .refused(
            2,
            "belongs to another configuration",
            "seed: was 1, now 7",
            "optimizer.learning_rate: was 0.01, now 0.2");
    assertThat(FileTree.of(finishedRun)).isEqualTo(before);
  }

  @Test
  void runDirectoryOfThisRun() throws IOException {
    Map<String, String> before = FileTree.of(finishedRun);
    train("run=" + finishedRun)
        .refused(2, "already holds this run; `resume --run` goes on with it");
    assertThat(FileTree.of(finishedRun)).isEqualTo(before);
  }

  @Test
  void runHeldByAnotherProcess() throws IOException {
    FileTree.copy(finishedRun, run);
    Storage held = Storage.at(run.toString(), new Configuration());
    Path fresh = folder.resolve("fresh");
    Storage heldFresh = Storage.at(fresh.toString(), new Configuration());
    Map<String, String> before = FileTree.of(run);
    try (RunLease lease = RunLease.acquire(held, Clock.systemUTC());
        RunLease freshLease = RunLease.acquire(heldFresh, Clock.systemUTC())) {
      lease.check();
      freshLease.check();
      resume().refused(5, "is held by process " + ProcessHandle.current().pid(), "until");
      train("run=" + fresh).refused(5, "is held by process " + ProcessHandle.current().pid());
      assertThat(FileTree.of(fresh).keySet()).containsExactly("lease.json");
    }
    assertThat(FileTree.of(run)).isEqualTo(before);
  }

  @Test
  void corruptShardInTraining() throws IOException {
    Path damaged = FileTree.copy(dataset, folder.resolve("dataset"));
    Path shard = shard(damaged, "train");
    FileTree.flipBit(shard);
    train("dataset=" + damaged)
        .refused(3, shard.getFileName() + " is damaged: SHA-256 expected", "restore the file");
    Files.delete(shard);
    resume().refused(3, shard.getFileName() + " is missing", "ingest the images again");
    Files.copy(shard(dataset, "train"), shard);
    assertThat(resume("--json").done().json().path("parameters_sha256").asText())
        .isEqualTo(finishedDigest);
  }

  @Test
  void divergenceKeepsLastGoodCheckpoint() throws Exception {
    Outcome diverged =
        train("optimizer.learning_rate=1.0e+6", "epochs=9")
            .refused(3, "worker ", "round ", ".png", "the state before this round is kept");
    List<Path> kept = checkpoints(run);
    assertThat(kept).isNotEmpty();
    for (Path checkpoint : kept) {
      assertThat(
              CheckpointStore.read(Storage.at(checkpoint.toString(), new Configuration()))
                  .state()
                  .isFinite())
          .isTrue();
    }
    assertThat(run.resolve("lease.json")).doesNotExist();
    assertThat(reason(resume().refused(3, "is kept")))
        .as("the same batch again")
        .isEqualTo(reason(diverged));
    resume("--set", "optimizer.learning_rate=0.001")
        .refused(
            2,
            "a resumed run keeps its experiment",
            "optimizer.learning_rate: was 1000000.0, now 0.001",
            "start another run for them");
    assertThat(checkpoints(run)).isEqualTo(kept);
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
    Path config = folder.resolve("run.yaml");
    Files.writeString(config, CONFIG.formatted(dataset, "full://" + run));
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
    assertThat(checkpoints(run)).isNotEmpty();
    assertThat(run.resolve("lease.json")).doesNotExist();
    Outcome resumed =
        Outcome.onSpark(with(onFullDisk, "resume", "--run", "full://" + run, "--json")).done();
    assertThat(resumed.json().path("parameters_sha256").asText()).isEqualTo(finishedDigest);
  }

  // resume

  @Test
  void datasetReplacedByAnother() throws IOException {
    Path replaced = FileTree.copy(dataset, folder.resolve("dataset"));
    train("dataset=" + replaced, "epochs=1").done();
    try (Stream<Path> versions = Files.list(replaced.resolve("versions"))) {
      for (Path version : versions.toList()) {
        Files.move(version, folder.resolve(version.getFileName()));
      }
    }
    ingest(TinyImages.write(folder.resolve("images"), 5, "dark", "light"), replaced).done();
    Map<String, String> before = FileTree.of(run);
    resume().refused(2, "has no version 00001-", "it has 0000");
    resume("--set", "dataset_version=newest")
        .refused(2, "dataset_version: was \"00001-", "now newest");
    assertThat(FileTree.of(run)).isEqualTo(before);
  }

  @Test
  void experimentKeysAreRefusedOnResume() throws IOException {
    FileTree.copy(finishedRun, run);
    Map<String, String> before = FileTree.of(run);
    resume("--set", "batch=6", "--set", "sync.steps=4")
        .refused(2, "keeps its experiment", "batch: was 5, now 6", "sync.steps: was 1, now 4");
    resume("--set", "bacth=6").refused(2, "bacth: is an unknown key", "did you mean 'batch'?");
    assertThat(FileTree.of(run)).isEqualTo(before);
  }

  @Test
  void damagedNewestCheckpointIsPassedOver() throws IOException {
    FileTree.copy(finishedRun, run);
    FileTree.flipBit(newestCheckpoint(run).resolve("momentum.safetensors"));
    Outcome again = resume("--json", "--set", "checkpoint.keep=1").done();
    assertThat(again.json().path("parameters_sha256").asText()).isEqualTo(finishedDigest);
    assertThat(again.json().path("rounds").asInt()).isPositive();
    assertThat(Files.readAllLines(run.resolve("metrics.jsonl")))
        .anyMatch(line -> line.contains("resumed from round"));
  }

  @Test
  void allCheckpointsDamaged() throws IOException {
    FileTree.copy(finishedRun, run);
    List<Path> checkpoints = checkpoints(run);
    assertThat(checkpoints).hasSizeGreaterThan(1);
    for (Path checkpoint : checkpoints) {
      FileTree.flipBit(checkpoint.resolve("model.safetensors"));
    }
    Map<String, String> before = FileTree.of(run);
    resume().refused(3, "none of the checkpoints", "is whole", newestCheckpoint(run).toString());
    Outcome.onSpark("evaluate", "--checkpoint", run.toString(), "--dataset", dataset.toString())
        .refused(3, "none of the checkpoints", "is whole");
    assertThat(FileTree.of(run)).isEqualTo(before);
  }

  @Test
  void runRecordThatWasChanged() throws IOException {
    FileTree.copy(finishedRun, run);
    Path record = run.resolve("run.json");
    Files.writeString(record, Files.readString(record).replace("seed: 1", "seed: 2"));
    resume().refused(3, "run.json is damaged", "digest");
  }

  @Test
  void checkpointsOfAnotherRun() throws IOException {
    train("seed=3", "epochs=1").done();
    FileTree.copy(finishedRun.resolve("checkpoints"), run.resolve("checkpoints"));
    resume().refused(3, "is of another run than the run.json beside it");
  }

  // evaluate, predict

  @Test
  void evaluationOfNothing() throws IOException {
    Outcome.onSpark(
            "evaluate",
            "--checkpoint",
            folder.resolve("none").toString(),
            "--dataset",
            dataset.toString())
        .refused(2, folder + "/none is neither a checkpoint nor a run directory with one");
    Outcome.onSpark(
            "evaluate",
            "--checkpoint",
            finishedRun.toString(),
            "--dataset",
            folder.resolve("none").toString())
        .refused(2, "There is nothing at", "none");
    Outcome.onSpark(
            "evaluate",
            "--checkpoint",
            finishedRun.toString(),
            "--dataset",
            dataset.toString(),
            "--split",
            "validation")
        .refused(2, "has no example in the split validation");
  }

  @Test
  void corruptShardInEvaluation() throws IOException {
    Path damaged = FileTree.copy(dataset, folder.resolve("dataset"));
    Path shard = shard(damaged, "test");
    FileTree.flipBit(shard);
    Outcome.onSpark(
            "evaluate", "--checkpoint", finishedRun.toString(), "--dataset", damaged.toString())
        .refused(3, shard.getFileName() + " is damaged", "restore the file from a copy");
  }

  @Test
  void predictionWithoutInput() throws IOException {
    Path table = folder.resolve("table.csv");
    predict(folder.resolve("none"), table).refused(2, "none is not a folder");
    predict(Files.createDirectory(folder.resolve("empty")), table)
        .refused(2, "there is no .jpg, .jpeg or .png file below");
    assertThat(table).doesNotExist();
  }

  @Test
  void predictionNamesWhatItCanAndListsTheRest() throws IOException {
    Path input = TinyImages.write(folder.resolve("images"), 1, "dark", "light");
    Files.writeString(input.resolve("light/letter.png"), "this is no image");
    Path table = folder.resolve("table.csv");
    predict(input, table).done();
    assertThat(Files.readAllLines(table))
        .hasSize(4)
        .anyMatch(line -> line.startsWith("light/letter.png,,,,,") && line.length() > 25);
  }

  @Test
  void predictionOfImagesThatNeedResize() throws IOException {
    Path input = TinyImages.write(folder.resolve("images"), 1, 30, "dark");
    Path table = folder.resolve("table.csv");
    predict(input, table).refused(2, "30 x 30", "28 x 28", "resize");
    assertThat(table).doesNotExist();
  }

  private static String[] with(String[] more, String... args) {
    return Stream.of(args, more).flatMap(Stream::of).toArray(String[]::new);
  }

  private static Outcome ingest(Path input, Path output, String... more) {
    List<String> args = new ArrayList<>(List.of("ingest", "--input", input.toString()));
    args.addAll(List.of("--output", output.toString()));
    args.addAll(List.of(more));
    return Outcome.onSpark(args.toArray(String[]::new));
  }

  private Outcome train(String... settings) throws IOException {
    Path config = folder.resolve("run.yaml");
    Files.writeString(config, CONFIG.formatted(dataset, run));
    List<String> args = new ArrayList<>(List.of("train", "--config", config.toString()));
    for (String setting : settings) {
      args.addAll(List.of("--set", setting));
    }
    return Outcome.onSpark(args.toArray(String[]::new));
  }

  private Outcome resume(String... more) {
    List<String> args = new ArrayList<>(List.of("resume", "--run", run.toString()));
    args.addAll(List.of(more));
    return Outcome.onSpark(args.toArray(String[]::new));
  }

  private static Outcome predict(Path input, Path table) {
    return Outcome.onSpark(
        "predict",
        "--checkpoint",
        finishedRun.toString(),
        "--input",
        input.toString(),
        "--output",
        table.toString());
  }

  private static Path shard(Path dataset, String split) throws IOException {
    try (Stream<Path> files = Files.walk(dataset)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(split + "-"))
          .findFirst()
          .orElseThrow();
    }
  }

  private static List<Path> checkpoints(Path run) throws IOException {
    try (Stream<Path> found = Files.list(run.resolve("checkpoints"))) {
      return found.sorted().toList();
    }
  }

  private static Path newestCheckpoint(Path run) throws IOException {
    List<Path> all = checkpoints(run);
    return all.get(all.size() - 1);
  }
}
