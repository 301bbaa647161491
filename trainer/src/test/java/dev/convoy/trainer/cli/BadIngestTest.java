package dev.convoy.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.trainer.FileTree;
import dev.convoy.trainer.TinyImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a person gives {@code ingest} is wrong: the exit code, one message, and nothing
 * half-written.
 */
final class BadIngestTest {

  @TempDir private Path folder;

  @Test
  void ingestWithoutInput() throws IOException {
    Path output = folder.resolve("dataset");
    TinyRun.ingest(folder.resolve("none"), output).refused(2, folder + "/none");
    assertThat(output).doesNotExist();
  }

  @Test
  void ingestOfEmptyFolder() throws IOException {
    Path output = folder.resolve("dataset");
    TinyRun.ingest(Files.createDirectory(folder.resolve("empty")), output)
        .refused(3, "is empty; it must hold one folder of images per class");
    assertThat(output).doesNotExist();
  }

  @Test
  void ingestOfOneClass() throws IOException {
    Path output = folder.resolve("dataset");
    Path input = TinyImages.write(folder.resolve("images"), 2, "dark");
    TinyRun.ingest(input, output).refused(3, "class", "dark");
    assertThat(output).doesNotExist();
  }

  @Test
  void fewFilesThatAreNoImagesAreListedAndManyRefused() throws IOException {
    Path input = TinyImages.write(folder.resolve("images"), 4, "dark", "light");
    Files.writeString(input.resolve("dark/letter.png"), "this is no image");
    Path output = folder.resolve("dataset");
    TinyRun.ingest(input, output, "--max-reject-share", "0.1")
        .refused(3, "dark/letter.png", "11.11%", "10.00%", "Nothing was written");
    assertThat(FileTree.of(output)).isEmpty();
    assertThat(
            TinyRun.ingest(input, output, "--max-reject-share", "0.2", "--json")
                .done()
                .json()
                .toString())
        .contains("\"rejected\":1", "\"listed\":9");
    assertThat(FileTree.of(output).keySet()).anyMatch(name -> name.endsWith("rejects.csv"));
    try (Stream<Path> files = Files.walk(output)) {
      Path rejects = files.filter(f -> f.endsWith("rejects.csv")).findFirst().orElseThrow();
      assertThat(rejects).content().contains("dark/letter.png");
    }
  }
}
