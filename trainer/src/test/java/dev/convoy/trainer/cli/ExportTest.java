package dev.convoy.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.convoy.data.storage.Sha256;
import dev.convoy.models.safetensors.SafetensorsFile;
import dev.convoy.trainer.FileTree;
import dev.convoy.trainer.Json;
import dev.convoy.trainer.TinyImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run's network in every format, and what is refused; nothing half-written either way. */
final class ExportTest {

  private static final String CONFIG =
      """
      dataset: %s
      run: %s
      epochs: 1
      workers: 2
      batch: 5
      sync: {steps: 1}
      model: {name: lenet}
      optimizer: {learning_rate: 0.01}
      augment: {normalize: {mean: [0.25], std: [0.5]}}
      """;

  @TempDir private static Path shared;
  private static Path run;
  private static JsonNode trained;

  @TempDir private Path temporary;
  private Path folder;

  @BeforeAll
  static void trainOnce() throws IOException {
    Path images = TinyImages.write(shared.resolve("images"), 20, "dark", "light");
    Path dataset = shared.resolve("dataset");
    Outcome.onSpark("ingest", "--input", images.toString(), "--output", dataset.toString()).done();
    run = shared.resolve("run");
    Path config = shared.resolve("run.yaml");
    Files.writeString(config, CONFIG.formatted(dataset, run));
    trained = Outcome.onSpark("train", "--config", config.toString(), "--json").done().json();
  }

  @BeforeEach
  void nameFolder() {
    folder = temporary.resolve("exports");
  }

  private static Outcome export(String format, String output, String... more) {
    String[] args = {
      "export", "--checkpoint", run.toString(), "--format", format, "--output", output, "--json"
    };
    String[] all = Arrays.copyOf(args, args.length + more.length);
    System.arraycopy(more, 0, all, args.length, more.length);
    return Outcome.of(all);
  }

  @ParameterizedTest
  @ValueSource(strings = {"safetensors", "onnx", "dl4j"})
  void writesTheFileAndSaysWhatItIs(String format) throws IOException {
    Path file = folder.resolve("lenet." + format);
    JsonNode result = export(format, file.toString()).done().json();
    byte[] content = Files.readAllBytes(file);
    assertThat(result.path("output").asText()).endsWith(file.toString());
    assertThat(result.path("format").asText()).isEqualTo(format);
    assertThat(result.path("bytes").asLong()).isEqualTo(content.length);
    assertThat(result.path("sha256").asText()).isEqualTo(Sha256.hex(Sha256.of(content)));
    assertThat(result.path("model").asText()).isEqualTo("lenet");
    assertThat(result.path("parameters_sha256")).isEqualTo(trained.path("parameters_sha256"));
    assertThat(result.has("details")).isFalse();
    assertThat(result.path("opset").asInt()).isEqualTo(format.equals("onnx") ? 13 : 0);
    assertThat(FileTree.of(folder).keySet()).hasSize(1);
    // By the checkpoint's own folder, as a URI: the same bytes.
    Path again = folder.resolve("again");
    Outcome.of(
            "export",
            "--checkpoint",
            trained.path("checkpoint").asText(),
            "--format",
            format,
            "--output",
            "file://" + again)
        .done();
    assertThat(again).hasBinaryContent(content);
  }

  @Test
  void theTensorsAreTheCheckpointsAndTheMetadataIsTheRuns() throws IOException {
    Path file = folder.resolve("lenet.safetensors");
    export("safetensors", file.toString()).done();
    SafetensorsFile exported = SafetensorsFile.read(Files.readAllBytes(file));
    String location = trained.path("checkpoint").asText().replaceFirst("^file:(//)?", "");
    SafetensorsFile checkpoint =
        SafetensorsFile.read(Files.readAllBytes(Path.of(location, "model.safetensors")));
    assertThat(exported.tensors()).isEqualTo(checkpoint.tensors());
    assertThat(exported.metadata())
        .containsEntry("classes", "[\"dark\",\"light\"]")
        .containsEntry("mean", "[0.25]")
        .containsEntry("std", "[0.5]")
        .containsEntry("channel_order", "grey");
  }

  @Test
  void comesBackAsTheSameNetwork() throws IOException {
    Path file = folder.resolve("lenet.safetensors");
    export("safetensors", file.toString()).done();
    JsonNode imported = imported(file, "lenet", temporary.resolve("again")).done().json();
    assertThat(imported.path("parameters_sha256")).isEqualTo(trained.path("parameters_sha256"));
    assertThat(imported.path("model").path("classes").asInt()).isEqualTo(2);
    Path record =
        Path.of(
            imported.path("checkpoint").asText().replaceFirst("^file:(//)?", ""),
            "checkpoint.json");
    assertThat(Json.MAPPER.readTree(record.toFile()).toString())
        .contains("[\"dark\",\"light\"]", "\"mean\":[0.25]", "\"std\":[0.5]");
    imported(file, "resnet18", temporary.resolve("other"))
        .refused(3, "the file's is lenet, not resnet18");
  }

  private static Outcome imported(Path file, String model, Path output) {
    return Outcome.of(
        "import",
        "--weights",
        file.toString(),
        "--model",
        model,
        "--output",
        output.toString(),
        "--json");
  }

  @Test
  void aFileIsReplacedOnlyOnDemand() throws IOException {
    Path file = Files.createDirectories(folder).resolve("lenet.onnx");
    Files.writeString(file, "mine");
    export("onnx", file.toString()).refused(2, file.toString(), "there already", "--overwrite");
    assertThat(file).hasContent("mine");
    export("onnx", file.toString(), "--overwrite").done();
    assertThat(Files.size(file)).isGreaterThan(100_000);
  }

  @Test
  void aFolderIsNoFile() throws IOException {
    Files.createDirectories(folder);
    export("onnx", folder.toString()).refused(2, "is a folder");
    export("onnx", folder + "/").refused(2, "it has to be a file");
    assertThat(FileTree.of(folder)).isEmpty();
  }

  @Test
  void noCheckpointIsThere() {
    Outcome.of(
            "export",
            "--checkpoint",
            shared.resolve("images").toString(),
            "--format",
            "onnx",
            "--output",
            folder.resolve("x.onnx").toString())
        .refused(2, "neither a checkpoint nor a run directory");
    assertThat(folder).doesNotExist();
  }

  @Test
  void anUnknownFormatIsNamedWithTheKnownOnes() {
    Outcome outcome = export("pickle", folder.resolve("x").toString());
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err()).containsIgnoringCase("safetensors").contains("pickle");
  }
}
