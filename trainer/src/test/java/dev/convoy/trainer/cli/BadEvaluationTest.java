package dev.convoy.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.trainer.FileTree;
import dev.convoy.trainer.TinyImages;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a person gives {@code evaluate} or {@code predict} is wrong: the exit code and one message.
 */
final class BadEvaluationTest {

  @TempDir private static Path shared;
  private static TinyRun tiny;

  @TempDir private Path folder;

  @BeforeAll
  static void trainOnce() throws IOException {
    tiny = TinyRun.train(shared);
  }

  @Test
  void evaluationOfNothing() throws IOException {
    Outcome.onSpark(
            "evaluate",
            "--checkpoint",
            folder.resolve("none").toString(),
            "--dataset",
            tiny.dataset().toString())
        .refused(2, folder + "/none is neither a checkpoint nor a run directory with one");
    Outcome.onSpark(
            "evaluate",
            "--checkpoint",
            tiny.finished().toString(),
            "--dataset",
            folder.resolve("none").toString())
        .refused(2, "There is nothing at", "none");
    Outcome.onSpark(
            "evaluate",
            "--checkpoint",
            tiny.finished().toString(),
            "--dataset",
            tiny.dataset().toString(),
            "--split",
            "validation")
        .refused(2, "has no example in the split validation");
  }

  /** The same images again with a larger share: most of its test split was trained on. */
  @Test
  void imagesOfTrainingInTheTestSplitOfALaterVersion() throws IOException {
    Path dataset = FileTree.copy(tiny.dataset(), folder.resolve("dataset"));
    String trained = onlyVersion(dataset);
    TinyRun.ingest(tiny.images(), dataset, "--test-share", "0.5").done();
    evaluate(dataset)
        .refused(
            2,
            "the split test of version 00002-",
            " has images that the checkpoint was trained on: it draws a share of up to 0.5",
            "of which version " + trained + ", that it was trained on, kept back 0.2",
            "--dataset-version " + trained);
    evaluate(dataset, "--dataset-version", trained).done();
    evaluate(dataset, "--split", "train").done();
    TinyRun.ingest(tiny.images(), dataset, "--test-share", "0.1").done();
    evaluate(dataset).done();
  }

  private static String onlyVersion(Path dataset) throws IOException {
    try (Stream<Path> versions = Files.list(dataset.resolve("versions"))) {
      return versions.map(path -> path.getFileName().toString()).findFirst().orElseThrow();
    }
  }

  private static Outcome evaluate(Path dataset, String... more) {
    List<String> args = new ArrayList<>(List.of("evaluate", "--dataset", dataset.toString()));
    args.addAll(List.of("--checkpoint", tiny.finished().toString()));
    args.addAll(List.of(more));
    return Outcome.onSpark(args.toArray(String[]::new));
  }

  @Test
  void corruptShardInEvaluation() throws IOException {
    Path damaged = FileTree.copy(tiny.dataset(), folder.resolve("dataset"));
    Path shard = TinyRun.shard(damaged, "test");
    FileTree.flipBit(shard);
    Outcome.onSpark(
            "evaluate", "--checkpoint", tiny.finished().toString(), "--dataset", damaged.toString())
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
    predict(input, table).refused(2, "none of the 1 images", "30 x 30", "28 x 28", "resize");
    assertThat(table).doesNotExist();
    TinyImages.write(input, 1, "light");
    predict(input, table).done();
    assertThat(Files.readAllLines(table))
        .hasSize(3)
        .anyMatch(line -> line.startsWith("dark/") && line.contains("30 x 30"));
  }

  /** It fits by its size, but is more pixels in between than an image may have. */
  @Test
  void predictionOfAVeryThinImage() throws IOException {
    Path input = TinyImages.write(folder.resolve("images"), 1, "dark", "light");
    ImageIO.write(
        new BufferedImage(1, 1100, BufferedImage.TYPE_BYTE_GRAY),
        "png",
        input.resolve("light/line.png").toFile());
    Path table = folder.resolve("table.csv");
    Path run = folder.resolve("run");
    String steps = "[{resize: {shorter: 256}}, {center_crop: {height: 28, width: 28}}]";
    tiny.train(run, "epochs=1", "augment.train=" + steps, "augment.evaluate=" + steps).done();
    predict(run, input, table).done();
    assertThat(Files.readAllLines(table))
        .hasSize(4)
        .anyMatch(line -> line.startsWith("light/line.png,,,,,") && line.contains("1100 x 1"))
        .filteredOn(line -> line.startsWith("dark/"))
        .singleElement()
        .asString()
        .doesNotContain(",,,");
  }

  @Test
  void predictionNamesWhatVanished() throws IOException {
    Path input = TinyImages.write(folder.resolve("images"), 1, "dark", "light");
    Files.createSymbolicLink(input.resolve("light/link.png"), folder.resolve("nowhere"));
    Path table = folder.resolve("table.csv");
    predict(input, table).done();
    assertThat(Files.readAllLines(table))
        .anyMatch(line -> line.startsWith("light/link.png,") && line.contains("no such file"));
  }

  @Test
  void tableIsTriedBeforeAnythingIsComputed() throws IOException {
    Path input = TinyImages.write(folder.resolve("images"), 1, "dark");
    Path taken = Files.createDirectory(folder.resolve("taken.csv"));
    predict(input, taken).refused(2, "taken.csv is a folder");
    Path file = Files.createFile(folder.resolve("file"));
    predict(input, file.resolve("table.csv")).refused(4, folder + "/file");
  }

  private static Outcome predict(Path input, Path table) {
    return predict(tiny.finished(), input, table);
  }

  private static Outcome predict(Path run, Path input, Path table) {
    return Outcome.onSpark(
        "predict",
        "--checkpoint",
        run.toString(),
        "--input",
        input.toString(),
        "--output",
        table.toString());
  }
}
