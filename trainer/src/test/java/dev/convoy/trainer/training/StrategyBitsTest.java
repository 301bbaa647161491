package dev.convoy.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.trainer.FileTree;
import dev.convoy.trainer.Json;
import dev.convoy.trainer.Strategy;
import dev.convoy.trainer.averaging.WireFormat;
import dev.convoy.trainer.checkpoint.DamagedCheckpointException;
import dev.convoy.trainer.config.ConvoyConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same experiment gives the same bits under every strategy, in every form on the wire, on one,
 * two or four task slots, and resumed from any of its checkpoints.
 */
class StrategyBitsTest {

  /** What is trained. */
  enum Network {
    LENET,
    /** With batch norms and dropout, and in four slices on four slots. */
    GOOGLENET
  }

  @TempDir static Path folder;
  private static Path dataset;

  @BeforeAll
  static void ingest() throws IOException {
    dataset = SmallRun.dataset(folder);
    SmallRun.session().stop();
  }

  @ParameterizedTest
  @CsvSource({"AVERAGE, BF16", "SLOWMO, FLOAT32", "POST_LOCAL, BF16"})
  void moreTaskSlotsAndAResumeChangeNoBit(Strategy strategy, WireFormat wire) throws Exception {
    Path reference = folder.resolve(Path.of("core", strategy.name()));
    String expected = train(1, config(reference, Network.LENET, strategy, wire));
    List<String> checkpoints = names(reference.resolve("checkpoints"));
    assertThat(checkpoints).hasSizeGreaterThanOrEqualTo(4);
    assertResumes(reference, checkpoints.subList(1, 2), 2, expected);
  }

  /** Larger datasets are shuffled so. */
  @Test
  void windowsOfShardsGiveTheSameOnMoreSlotsAndAfterAResume() throws Exception {
    Path reference = folder.resolve("windows");
    ConvoyConfig config =
        SmallRun.config(dataset, reference, "shuffle={kind: window, window_shards: 2}");
    String expected = train(1, config);
    assertThat(Files.readString(reference.resolve("report.html")))
        .contains("shuffled in windows of 2 shards");
    Path global = folder.resolve("global");
    assertThat(train(1, SmallRun.config(dataset, global))).isNotEqualTo(expected);
    List<String> checkpoints = names(reference.resolve("checkpoints"));
    assertResumes(reference, checkpoints.subList(1, 2), 2, expected);
    Path onMore = folder.resolve("windows-on-three");
    assertThat(
            train(3, SmallRun.config(dataset, onMore, "shuffle={kind: window, window_shards: 2}")))
        .isEqualTo(expected);
  }

  static List<Arguments> everyCase() {
    List<Arguments> cases = new ArrayList<>();
    for (Network network : Network.values()) {
      for (Strategy strategy : Strategy.values()) {
        for (WireFormat wire : WireFormat.values()) {
          cases.add(Arguments.of(network, strategy, wire));
        }
      }
    }
    return cases;
  }

  @ParameterizedTest
  @MethodSource("everyCase")
  @Tag("full")
  void slotsAndResumesChangeNoBit(Network network, Strategy strategy, WireFormat wire)
      throws Exception {
    Path runs = folder.resolve("%s-%s-%s".formatted(network, strategy, wire));
    Path reference = runs.resolve("reference");
    String expected = train(1, config(reference, network, strategy, wire));
    for (int slots : new int[] {2, 4}) {
      String found = train(slots, config(runs.resolve("slots-" + slots), network, strategy, wire));
      assertThat(found).as("on %d slots", slots).isEqualTo(expected);
    }
    assertResumes(reference, names(reference.resolve("checkpoints")), 2, expected);
  }

  @Test
  @Tag("full")
  void strategiesAndFormsOnTheWireAreDifferentExperiments() throws Exception {
    List<String> digests = new ArrayList<>();
    for (Strategy strategy : Strategy.values()) {
      for (WireFormat wire : WireFormat.values()) {
        Path run = folder.resolve("apart-%s-%s".formatted(strategy, wire));
        digests.add(train(2, config(run, Network.LENET, strategy, wire)));
      }
    }
    assertThat(digests).doesNotHaveDuplicates();
  }

  @Test
  void postLocalSwitchesAtItsEpochAlsoAfterAResumeInTheMiddleOfOne() throws Exception {
    Path run = folder.resolve("switches");
    ConvoyConfig config = config(run, Network.LENET, Strategy.POST_LOCAL, WireFormat.FLOAT32);
    String expected = train(2, config);
    // 4 steps an epoch: rounds of 1, 1, 1, 1, then of 3 and 1.
    List<Integer> epochs = List.of(0, 0, 0, 0, 1, 1);
    assertThat(epochsOfRounds(run)).isEqualTo(epochs);
    List<String> checkpoints = names(run.resolve("checkpoints"));
    for (int round : new int[] {2, 4, 5}) {
      String checkpoint = checkpoints.get(round - 1);
      assertResumes(run, List.of(checkpoint), 1, expected);
      assertThat(epochsOfRounds(copy(run, checkpoint))).isEqualTo(epochs);
    }
  }

  @Test
  void damagedOuterMomentumIsPassedOverAndWithoutAnyOtherCheckpointRefused() throws Exception {
    Path run = folder.resolve("damaged");
    String expected = train(2, config(run, Network.LENET, Strategy.SLOWMO, WireFormat.FLOAT32));
    List<String> checkpoints = names(run.resolve("checkpoints"));
    Path damaged = copyUpTo(run, checkpoints.get(1), folder.resolve("damaged-newest"));
    Files.delete(outerMomentum(damaged, checkpoints.get(1)));
    Path again = FileTree.copy(damaged, folder.resolve("damaged-both"));
    FileTree.flipBit(outerMomentum(again, checkpoints.get(0)));

    assertThat(resume(1, damaged)).as("from the checkpoint before").isEqualTo(expected);
    Throwable refused = Assertions.catchThrowable(() -> resume(1, again));
    assertThat(refused)
        .isInstanceOf(DamagedCheckpointException.class)
        .hasMessageContaining("outer_momentum.safetensors is missing")
        .hasMessageContaining("outer_momentum.safetensors has");
  }

  private static Path outerMomentum(Path run, String checkpoint) {
    return run.resolve(Path.of("checkpoints", checkpoint, "outer_momentum.safetensors"));
  }

  private static void assertResumes(Path run, List<String> checkpoints, int slots, String expected)
      throws Exception {
    for (String newest : checkpoints) {
      Path copy = copyUpTo(run, newest, copy(run, newest));
      assertThat(resume(slots, copy)).as("resumed from %s", newest).isEqualTo(expected);
    }
  }

  private static Path copy(Path run, String newest) {
    return run.resolveSibling(run.getFileName() + "-from-" + newest);
  }

  private static String resume(int slots, Path run) throws Exception {
    try (SparkSession session = SmallRun.session(slots)) {
      return SmallRun.job(session)
          .resume(run.toString(), List.of("run='%s'".formatted(run)))
          .parametersSha256();
    }
  }

  private static String train(int slots, ConvoyConfig config) throws Exception {
    try (SparkSession session = SmallRun.session(slots)) {
      return SmallRun.job(session).train(config).parametersSha256();
    }
  }

  private static ConvoyConfig config(
      Path run, Network network, Strategy strategy, WireFormat wire) {
    List<String> overrides = new ArrayList<>(settings(network));
    overrides.add(strategy.over(wire));
    return SmallRun.config(dataset, run, overrides.toArray(String[]::new));
  }

  private static List<String> settings(Network network) {
    return switch (network) {
      case LENET -> List.of();
      case GOOGLENET ->
          List.of(
              "model={name: googlenet, input: {channels: 1, height: 20, width: 20}}",
              "augment={train: [{resize: {height: 20, width: 20}}, {flip: {probability: 0.5}}],"
                  + " evaluate: [{resize: {height: 20, width: 20}}]}",
              "workers=2",
              "batch=15");
    };
  }

  private static List<Integer> epochsOfRounds(Path run) throws IOException {
    List<Integer> epochs = new ArrayList<>();
    for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
      if (line.contains("\"kind\":\"round\"")) {
        epochs.add(Json.MAPPER.readTree(line).get("epoch").asInt());
      }
    }
    return epochs;
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> children = Files.list(folder)) {
      return children.map(p -> p.getFileName().toString()).sorted().toList();
    }
  }

  /** A run directory as it was when a checkpoint was the newest; the metrics may be ahead of it. */
  private static Path copyUpTo(Path run, String newest, Path copy) throws IOException {
    FileTree.copy(run, copy);
    Files.delete(copy.resolve("result.json"));
    for (String later : names(copy.resolve("checkpoints"))) {
      if (Comparator.<String>naturalOrder().compare(later, newest) > 0) {
        delete(copy.resolve("checkpoints").resolve(later));
      }
    }
    return copy;
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> found = Files.walk(folder)) {
      for (Path path : found.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
