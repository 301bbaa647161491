package dev.convoy.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.convoy.trainer.Json;
import dev.convoy.trainer.TinyImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who uses a checkpoint is told which of its weights are used. */
final class AveragedWeightsTest {

  private static final String CONFIG =
      """
      dataset: %s
      run: %s
      seed: 1
      epochs: 1
      workers: 1
      batch: 8
      model: {name: lenet}
      optimizer: {learning_rate: 0.01, momentum: 0.9}
      """;

  @TempDir private static Path folder;
  private static Path images;
  private static Path dataset;

  @BeforeAll
  static void ingest() throws IOException {
    images = TinyImages.write(folder.resolve("images"), 10, "dark", "light");
    dataset = folder.resolve("dataset");
    Outcome.onSpark("ingest", "--input", images.toString(), "--output", dataset.toString()).done();
  }

  @Test
  void averageIsUsedAndNamedWhereOneIsKept() throws IOException {
    assertNamed("ema: {decay: 0.9}", true);
  }

  @Test
  void otherwiseTheWeightsAreThoseTrained() throws IOException {
    assertNamed("", false);
  }

  private static void assertNamed(String ema, boolean averaged) throws IOException {
    Path run = folder.resolve("run-" + averaged);
    Path config = folder.resolve("config-" + averaged + ".yaml");
    Files.writeString(config, CONFIG.formatted(dataset, run) + ema);
    Outcome.onSpark("train", "--config", config.toString()).done();
    String[] evaluate = {"--dataset", dataset.toString(), "--split", "train"};
    assertThat(use(run, "evaluate", evaluate).out().contains("exponential moving average"))
        .isEqualTo(averaged);
    JsonNode said =
        use(run, "evaluate", "--json", evaluate[0], evaluate[1], evaluate[2], evaluate[3]).json();
    assertThat(said.path("averaged_weights").asText()).isEqualTo(Boolean.toString(averaged));
    assertThat(said.path("examples").asInt()).isPositive();
    String[] predict = {
      "--input", images.toString(), "--output", folder.resolve("names.csv").toString()
    };
    Path file = folder.resolve("exported-" + averaged + ".safetensors");
    JsonNode exported =
        Outcome.of(
                "export",
                "--checkpoint",
                run.toString(),
                "--format",
                "safetensors",
                "--output",
                file.toString(),
                "--json")
            .done()
            .json();
    assertThat(exported.path("averaged_weights").asBoolean()).isEqualTo(averaged);
    JsonNode result = Json.MAPPER.readTree(run.resolve("result.json").toFile());
    assertThat(exported.path("parameters_sha256"))
        .isEqualTo(result.path(averaged ? "ema_parameters_sha256" : "parameters_sha256"));
    assertThat(use(run, "predict", predict).out().contains("by the moving average of the weights"))
        .isEqualTo(averaged);
  }

  private static Outcome use(Path run, String verb, String... more) {
    String[] args = new String[more.length + 3];
    args[0] = verb;
    args[1] = "--checkpoint";
    args[2] = run.toString();
    System.arraycopy(more, 0, args, 3, more.length);
    return Outcome.onSpark(args).done();
  }
}
