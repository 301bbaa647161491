package dev.convoy.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.convoy.trainer.TinyImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** `bench training`: one configuration, with Spark and without. */
final class BenchTrainingTest {

  @TempDir private Path folder;
  private Path config;

  @BeforeEach
  void dataset() throws IOException {
    TinyImages.write(folder.resolve("images"), 30, "dark", "light");
    Outcome.onSpark(
            "ingest",
            "--input=" + folder.resolve("images"),
            "--output=" + folder.resolve("dataset"))
        .done();
    config = folder.resolve("config.yaml");
    Files.writeString(
        config,
        """
        dataset: '%s'
        run: '%s'
        epochs: 3
        workers: 2
        batch: 5
        sync: {steps: 2}
        model: {name: lenet}
        optimizer: {learning_rate: 0.01}
        """
            .formatted(folder.resolve("dataset"), folder.resolve("run")));
  }

  @Test
  void aRunOnSparkIsEndedWhenEnoughWasMeasured() throws IOException {
    JsonNode line =
        Outcome.onSpark("bench", "training", "--config=" + config, "--rounds=3", "--json")
            .done()
            .json();
    assertThat(line.path("results").get(0).path("what").asText())
        .isEqualTo("training of lenet, 2 workers on 1 slots of Spark, batch 5, tau = 2");
    assertThat(line.path("results").get(0).path("unit").asText()).isEqualTo("images/s");
    for (JsonNode figure : line.path("results")) {
      assertThat(figure.path("runs").asInt()).isEqualTo(3);
      assertThat(figure.path("min").asDouble()).isNotNegative();
    }
    assertThat(folder.resolve("run").resolve("result.json")).doesNotExist();
    assertThat(Files.readAllLines(folder.resolve("run").resolve("metrics.jsonl")))
        .filteredOn(text -> text.contains("\"kind\":\"round\""))
        .hasSize(5);
  }

  @Test
  void oneWorkerTrainsWithoutSpark() throws IOException {
    JsonNode line = withoutSpark("--set=workers=1", "--rounds=40", "--json").done().json();
    assertThat(line.path("machine").asText()).contains("oneDNN", "threads=1");
    assertThat(line.path("results").get(0).path("what").asText())
        .isEqualTo("training of lenet, 1 worker without Spark, batch 5");
    // More than an epoch, and more than the configuration's three.
    assertThat(line.path("results").get(0).path("runs").asInt()).isEqualTo(40);
    assertThat(line.path("results").get(1).path("median").asDouble()).isBetween(0.0, 100.0);
    assertThat(folder.resolve("run")).doesNotExist();
  }

  @Test
  void severalWorkersNeedSpark() {
    withoutSpark().refused(2, "workers is 2", "--set workers=1");
  }

  @Test
  void runThatIsTooShortIsRefused() {
    Outcome.onSpark(
            "bench", "training", "--config=" + config, "--set=epochs=1", "--set=sync.steps=3")
        .refused(2, "the run is over after 2 rounds, but 2 are the warm-up");
  }

  private Outcome withoutSpark(String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of("bench", "training", "--without-spark", "--config=" + config.toString()));
    arguments.addAll(List.of(more));
    return Outcome.of(arguments.toArray(String[]::new));
  }
}
