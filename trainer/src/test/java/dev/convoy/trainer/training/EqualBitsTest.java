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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

  @BeforeAll
  static void ingest() throws IOException {
    dataset = SmallRun.dataset(folder);
    SmallRun.session().stop();
  }

  /** `auto` is bfloat16 where the processor has it. */
  @ParameterizedTest
  @ValueSource(strings = {"auto", "float32"})
  void taskSlotsChangeNoBit(String precision) throws Exception {
    String one = digest(1, googlenet("one-slot-" + precision, "precision=" + precision));
    String two = digest(2, googlenet("two-slots-" + precision, "precision=" + precision));
    assertThat(two).isEqualTo(one);
  }

  @Test
  void resumingWithDropoutEndsInTheSameBits() throws Exception {
    Path whole = folder.resolve("whole");
    String expected = digest(2, googlenet("whole"));
    String first = checkpoints(whole).get(0);

    Path copy = folder.resolve("copy");
    FileTree.copy(whole, copy);
    for (String later : checkpoints(copy)) {
      if (!later.equals(first)) {
        delete(copy.resolve("checkpoints").resolve(later));
      }
    }
    Files.delete(copy.resolve("result.json"));
    try (SparkSession session = SmallRun.session(1)) {
      RunResult resumed =
          SmallRun.job(session).resume(copy.toString(), List.of("run='%s'".formatted(copy)));
      assertThat(Files.readString(copy.resolve("metrics.jsonl"))).contains("resumed from round 1");
      assertThat(resumed.rounds()).isEqualTo(3);
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
      "threads=2"
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

  private static ConvoyConfig googlenet(String run, String... more) {
    List<String> overrides = new ArrayList<>(List.of(GOOGLENET));
    overrides.addAll(List.of(more));
    return SmallRun.config(dataset, folder.resolve(run), overrides.toArray(String[]::new));
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
