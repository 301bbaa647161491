package dev.convoy.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.trainer.TinyImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A small dataset and a run on it that has come to its end, for commands that go wrong beside it.
 *
 * @param images that the dataset is made of
 * @param dataset of two classes, 30 grey images of 28 x 28 pixels to train and 10 to test
 * @param finished the run's directory
 * @param digest of its last parameters
 */
record TinyRun(Path images, Path dataset, Path finished, String digest) {
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

  /** Ingests and trains in a folder of its own. */
  static TinyRun train(Path folder) throws IOException {
    Path images = TinyImages.write(folder.resolve("images"), 20, "dark", "light");
    Path dataset = folder.resolve("dataset");
    ingest(images, dataset, "--test-share", "0.2").done();
    Path run = folder.resolve("finished");
    String config = writeConfig(folder, dataset, run.toString()).toString();
    String digest =
        Outcome.onSpark("train", "--config", config, "--json")
            .done()
            .json()
            .path("parameters_sha256")
            .asText();
    assertThat(digest).hasSize(64);
    return new TinyRun(images, dataset, run, digest);
  }

  static Outcome ingest(Path input, Path output, String... more) {
    List<String> args = new ArrayList<>(List.of("ingest", "--input", input.toString()));
    args.addAll(List.of("--output", output.toString()));
    args.addAll(List.of(more));
    return Outcome.onSpark(args.toArray(String[]::new));
  }

  /** The finished run's configuration for another run directory, as a file beside it. */
  Path config(Path run, String uri) throws IOException {
    return writeConfig(run.getParent(), dataset, uri);
  }

  private static Path writeConfig(Path folder, Path dataset, String run) throws IOException {
    return Files.writeString(folder.resolve("run.yaml"), CONFIG.formatted(dataset, run));
  }

  /** Trains the finished run's configuration with some settings changed. */
  Outcome train(Path run, String... settings) throws IOException {
    List<String> args =
        new ArrayList<>(List.of("train", "--config", config(run, run.toString()).toString()));
    for (String setting : settings) {
      args.addAll(List.of("--set", setting));
    }
    return Outcome.onSpark(args.toArray(String[]::new));
  }

  static Outcome resume(Path run, String... more) {
    List<String> args = new ArrayList<>(List.of("resume", "--run", run.toString()));
    args.addAll(List.of(more));
    return Outcome.onSpark(args.toArray(String[]::new));
  }

  static Path shard(Path dataset, String split) throws IOException {
    try (Stream<Path> files = Files.walk(dataset)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(split + "-"))
          .findFirst()
          .orElseThrow();
    }
  }

  static List<Path> checkpoints(Path run) throws IOException {
    try (Stream<Path> found = Files.list(run.resolve("checkpoints"))) {
      return found.sorted().toList();
    }
  }

  static Path newestCheckpoint(Path run) throws IOException {
    List<Path> all = checkpoints(run);
    return all.get(all.size() - 1);
  }
}
