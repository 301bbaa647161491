package dev.convoy.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.convoy.trainer.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The published ResNet-50 of Keras names photographs of ImageNet as PyTorch says that it does. Its
 * package comes through npm; the photographs and PyTorch's answers lie beside the project where
 * there are any.
 */
@Tag("full")
final class ImageNetWeightsTest {

  private static final Path DATA = Path.of("../../shared/data");
  private static final Path PHOTOGRAPHS = DATA.resolve("imagenet-sample");
  private static final Path SYNSETS = DATA.resolve("imagenet-synsets.txt");
  private static final Path REFERENCE = DATA.resolve("imagenet-sample-reference.json");

  @TempDir private static Path shared;
  private static Path checkpoint;

  @BeforeAll
  static void importOnce() throws IOException {
    assumeTrue(Files.isDirectory(PHOTOGRAPHS), "no photographs of ImageNet beside the project");
    Path weights = shared.resolve("weights");
    Outcome.of("weights", "get", "resnet50-imagenet", "--to", weights.toString()).done();
    checkpoint = shared.resolve("checkpoint");
    JsonNode imported =
        Outcome.of(
                "import",
                "--weights",
                weights.resolve("model.json").toString(),
                "--model",
                "resnet50",
                "--class-names",
                SYNSETS.toString(),
                "--output",
                checkpoint.toString(),
                "--json")
            .done()
            .json();
    assertThat(imported.path("parameters").asLong()).isEqualTo(25_557_032);
    assertThat(imported.path("scaling").asText()).isEqualTo("caffe");
    assertThat(imported.path("model").path("arguments").toString())
        .isEqualTo("{\"norm_epsilon\":0.001,\"stride_in_1x1\":1}");
  }

  @Test
  void firstChoicesAreTheReferences() throws IOException {
    Path table = shared.resolve("names.csv");
    Outcome.onSpark(
            "predict",
            "--checkpoint",
            checkpoint.toString(),
            "--input",
            PHOTOGRAPHS.toString(),
            "--output",
            table.toString())
        .done();
    List<String> synsets = Files.readAllLines(SYNSETS);
    JsonNode reference = Json.MAPPER.readTree(REFERENCE.toFile());
    List<String[]> rows =
        Files.readAllLines(table).stream().skip(1).map(row -> row.split(",", -1)).toList();
    assertThat(rows).hasSize(300);
    int right = 0;
    int agreed = 0;
    for (String[] row : rows) {
      right += row[0].startsWith(row[1]) ? 1 : 0;
      agreed += synsets.get(reference.path(row[0]).path(0).path(0).asInt()).equals(row[1]) ? 1 : 0;
    }
    assertThat(right).as("right of 300").isGreaterThanOrEqualTo(273);
    assertThat(agreed).as("first choices of 300 that are PyTorch's").isGreaterThanOrEqualTo(294);
  }

  @Test
  void evaluationOfADatasetWithSomeOfTheClassesSaysTheSame() throws IOException {
    Path images = shared.resolve("images");
    try (var photographs = Files.list(PHOTOGRAPHS)) {
      for (Path photograph : photographs.toList()) {
        String name = photograph.getFileName().toString();
        Path target = Files.createDirectories(images.resolve(name.substring(0, name.indexOf('_'))));
        Files.copy(photograph, target.resolve(name));
      }
    }
    Path dataset = shared.resolve("dataset");
    Outcome.onSpark("ingest", "--input", images.toString(), "--output", dataset.toString()).done();
    JsonNode evaluation =
        Outcome.onSpark(
                "evaluate",
                "--checkpoint",
                checkpoint.toString(),
                "--dataset",
                dataset.toString(),
                "--split",
                "train",
                "--batch",
                "20",
                "--json")
            .done()
            .json();
    assertThat(evaluation.path("examples").asInt()).isEqualTo(300);
    assertThat(evaluation.path("top1").asDouble()).isGreaterThanOrEqualTo(0.91);
    assertThat(evaluation.path("top5").asDouble()).isGreaterThanOrEqualTo(0.98);
  }
}
