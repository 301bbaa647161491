package dev.convoy.trainer.it;

import com.fasterxml.jackson.databind.JsonNode;
import dev.convoy.data.storage.Storage;
import dev.convoy.trainer.Json;
import dev.convoy.trainer.checkpoint.CheckpointStore;
import dev.convoy.trainer.checkpoint.DamagedCheckpointException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;

/**
 * A run's directory as somebody sees it who looks in from outside, while the run goes on or after.
 *
 * @param path of the directory
 */
record RunFolder(Path path) {

  /** The whole lines of {@code metrics.jsonl}. */
  List<JsonNode> metrics() {
    String text;
    try {
      text = Files.readString(path.resolve("metrics.jsonl"), StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<JsonNode> lines = new ArrayList<>();
    for (String line : text.substring(0, text.lastIndexOf('\n') + 1).lines().toList()) {
      lines.add(json(line));
    }
    return lines;
  }

  /** Numbers of the rounds in {@code metrics.jsonl}, in its order. */
  List<Long> rounds() {
    return metrics().stream()
        .filter(line -> line.path("kind").asText().equals("round"))
        .map(line -> line.path("round").asLong())
        .toList();
  }

  /** What {@code metrics.jsonl} says that happened. */
  List<String> events() {
    return metrics().stream()
        .filter(line -> line.path("kind").asText().equals("event"))
        .map(line -> line.path("what").asText())
        .toList();
  }

  /** Rounds in {@code metrics.jsonl}, if they are at least so many. */
  Optional<Integer> roundsIfAtLeast(int least) {
    return Optional.of(rounds().size()).filter(done -> done >= least);
  }

  /** The position of the newest committed checkpoint: rounds done. 0 if there is none. */
  long newestCheckpoint() {
    try (Stream<Path> folders = Files.list(path.resolve("checkpoints"))) {
      return folders
          .map(folder -> folder.resolve("checkpoint.json"))
          .flatMapToLong(RunFolder::position)
          .max()
          .orElse(0);
    } catch (NoSuchFileException e) {
      return 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads every committed checkpoint back: all of them must be whole. */
  void assertCheckpointsWhole() throws IOException, DamagedCheckpointException {
    List<Path> committed;
    try (Stream<Path> folders = Files.list(path.resolve("checkpoints"))) {
      committed = folders.filter(f -> Files.exists(f.resolve("checkpoint.json"))).toList();
    } catch (NoSuchFileException e) {
      return;
    }
    for (Path checkpoint : committed) {
      CheckpointStore.read(Storage.at(checkpoint.toString(), new Configuration()));
    }
  }

  /** Whether somebody holds the run, or did when it died. */
  boolean hasLease() {
    return Files.exists(path.resolve("lease.json"));
  }

  /** What {@code result.json} says. */
  JsonNode result() throws IOException {
    return json(Files.readString(path.resolve("result.json"), StandardCharsets.UTF_8));
  }

  /** The compute profile that {@code run.json} says. */
  JsonNode profile() throws IOException {
    return json(Files.readString(path.resolve("run.json"), StandardCharsets.UTF_8)).path("profile");
  }

  /** Numbers of all rounds, as they must stand in {@code metrics.jsonl}. */
  static List<Long> everyRoundOnce(long rounds) {
    return LongStream.range(0, rounds).boxed().toList();
  }

  private static LongStream position(Path record) {
    try {
      return LongStream.of(
          json(Files.readString(record, StandardCharsets.UTF_8)).at("/position/round").asLong());
    } catch (NoSuchFileException e) {
      return LongStream.empty(); // not committed yet, or pruned in between
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode json(String text) {
    try {
      return Json.MAPPER.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
