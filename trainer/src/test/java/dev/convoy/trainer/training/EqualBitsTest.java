package dev.convoy.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.trainer.FileTree;
import dev.convoy.trainer.Json;
import dev.convoy.trainer.config.ConvoyConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Batch norms, dropout and several outputs on few or many task slots, in one go or in two: the same
 * bits. GoogLeNet has all three.
 */
class EqualBitsTest {

  private static final String[] GOOGLENET = {
    "model={name: googlenet, input: {channels: 1, height: 20, width: 20}}",
    "augment={train: [{resize: {height: 20, width: 20}}, {flip: {probability: 0.5}}],"
        + " evaluate: [{resize: {height: 20, width: 20}}]}",
    "workers=2",
    "batch=15",
    "sync.steps=1",
    "epochs=1"
  };

  @TempDir static Path folder;
  private static Path dataset;
  private static Path reference;
  private static String expected;

  /** On one slot, where one network serves both workers; `auto` is bfloat16 if there is such. */
  @BeforeAll
  static void trainOnOneSlot() throws Exception {
    dataset = SmallRun.dataset(folder);
    SmallRun.session().stop();
    reference = folder.resolve("reference");
    expected = digest(1, googlenet(reference));
  }

  @Test
  void moreTaskSlotsChangeNoBit() throws Exception {
    Path run = folder.resolve("two-slots");
    assertThat(digest(2, googlenet(run, "checkpoint.every_rounds=0"))).isEqualTo(expected);
  }

  @Test
  @Tag("full")
  void moreTaskSlotsChangeNoBitOfFloat32() throws Exception {
    String one = digest(1, googlenet(folder.resolve("float-1"), "precision=float32"));
    String two = digest(2, googlenet(folder.resolve("float-2"), "precision=float32"));
    assertThat(two).isEqualTo(one);
  }

  @Test
  void resumingEndsInTheSameBits() throws Exception {
    Path run = folder.resolve("resumed");
    FileTree.copy(reference, run);
    Files.delete(run.resolve("result.json"));
    List<String> checkpoints = checkpoints(run);
    for (String later : checkpoints.subList(1, checkpoints.size())) {
      delete(run.resolve("checkpoints").resolve(later));
    }
    try (SparkSession session = SmallRun.session(2)) {
      RunResult resumed =
          SmallRun.job(session)
              .resume(
                  run.toString(), List.of("run='%s'".formatted(run), "checkpoint.every_rounds=0"));
      assertThat(Files.readString(run.resolve("metrics.jsonl"))).contains("resumed from round 1");
      assertThat(resumed.rounds()).isGreaterThan(2);
      assertThat(resumed.parametersSha256()).isEqualTo(expected);
    }
  }

  @Test
  void twoThreadsOfOneWorkerGiveTheSameBitsEveryTime() throws Exception {
    String[] resnet = {
      "model={name: resnet20_cifar, input: {channels: 1, height: 28, width: 28}}",
      "workers=2",
      "batch=15",
      "epochs=1",
      "threads=2",
      "checkpoint.every_rounds=0"
    };
    String first = digest(1, SmallRun.config(dataset, folder.resolve("two-threads"), resnet));
    String again = digest(2, SmallRun.config(dataset, folder.resolve("two-threads-again"), resnet));
    assertThat(again).isEqualTo(first);
    assertThat(
            Json.MAPPER
                .readTree(folder.resolve("two-threads/run.json").toFile())
                .at("/profile/threads")
                .asInt())
        .isEqualTo(2);
  }

  private static ConvoyConfig googlenet(Path run, String... more) {
    List<String> overrides = new ArrayList<>(List.of(GOOGLENET));
    overrides.addAll(List.of(more));
    return SmallRun.config(dataset, run, overrides.toArray(String[]::new));
  }

  private static String digest(int slots, ConvoyConfig config) throws Exception {
    try (SparkSession session = SmallRun.session(slots)) {
      RunResult result = SmallRun.job(session).train(config);
      assertThat(result.rounds()).isGreaterThan(1);
      return result.parametersSha256();
    }
  }

  private static List<String> checkpoints(Path run) throws IOException {
    try (Stream<Path> found = Files.list(run.resolve("checkpoints"))) {
      return found.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> found = Files.walk(folder)) {
      for (Path path : found.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
