package dev.convoy.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** `bench round` on an embedded cluster, and `bench model` on what it printed. */
final class BenchRoundTest {

  /** Parameters of LeNet-5 at its own 28 x 28 pixels: a smaller input would have fewer. */
  private static final int LENET = 61_706;

  /** Parameters and momentum, 4 bytes each. */
  private static final double STATE_BYTES = 8.0 * LENET;

  @TempDir private Path folder;

  @Test
  void bothImplementationsAreMeasuredOnTheSameCases() throws IOException {
    JsonNode line = bench("--workers", "2,3", "--rounds", "2").done().json();
    List<JsonNode> observations = list(line.path("observations"));
    assertThat(observations)
        .extracting(o -> o.path("implementation").asText() + " " + o.path("workers").asInt())
        .containsExactly("convoy 2", "dl4j-spark 2", "convoy 3", "dl4j-spark 3");
    for (JsonNode o : observations) {
      assertThat(o.path("steps").asInt()).isEqualTo(2);
      assertThat(o.path("rounds").asInt()).isEqualTo(2);
      assertThat(o.path("step_seconds").asDouble()).isPositive();
      assertThat(o.path("overhead_seconds").asDouble())
          .isBetween(0.001, o.path("seconds").asDouble());
      assertThat(o.path("parameters").asInt()).isEqualTo(LENET);
    }
    // Convoy's driver sends the state and receives it, whatever W: float32, little compressed.
    for (int convoy : new int[] {0, 2}) {
      assertThat(observations.get(convoy).path("driver_bytes").asDouble())
          .isBetween(1.5 * STATE_BYTES, 2.2 * STATE_BYTES);
    }
    assertThat(list(line.path("results")))
        .hasSize(4 * 7)
        .allSatisfy(
            figure -> {
              assertThat(figure.fieldNames())
                  .toIterable()
                  .containsExactly("what", "unit", "median", "min", "max", "runs");
              assertThat(figure.path("runs").asInt()).isEqualTo(2);
              assertThat(figure.path("median").asDouble())
                  .isBetween(figure.path("min").asDouble(), figure.path("max").asDouble());
            });
    assertThat(leftovers()).isEmpty();
  }

  @Test
  void aCostModelIsFittedToWhatWasPrinted() throws IOException {
    Path measured = folder.resolve("rounds.jsonl");
    Outcome outcome =
        bench("--workers", "1,2,3,4", "--rounds", "1", "--implementation", "convoy").done();
    Files.writeString(measured, "{\"result\":" + outcome.json() + "}\n");
    JsonNode fitted =
        Outcome.of("bench", "model", "--measured", measured.toString(), "--fit-up-to=3", "--json")
            .done()
            .json();
    assertThat(list(fitted.path("predictions"))).hasSize(4);
    assertThat(list(fitted.path("results"))).hasSize(8);
    assertThat(fitted.path("cost_model").path("per_round").asDouble()).isNotNegative();
    for (JsonNode prediction : fitted.path("predictions")) {
      assertThat(prediction.path("predicted_seconds").asDouble()).isPositive();
    }
    assertThat(Outcome.of("bench", "model", "--measured", measured.toString()).done().out())
        .contains("overhead of a round = ")
        .doesNotContain("not fitted to");
    assertThat(Outcome.of("bench", "model", "--measured=" + measured, "--fit-up-to=3").done().out())
        .contains("* not fitted to");
    Outcome.of("bench", "model", "--measured=" + measured, "--model=lenet", "--step-seconds=0.1")
        .refused(2, "with the numbers of slots [2] alone");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "round --model lenett|there is no model named lenett. Did you mean lenet or alexnet?",
        "round --model lenet --workers 2,0|--workers is 0; at least 1 is needed",
        "round --model lenet --steps 0|--steps is 0; at least 1 is needed",
        "round --model lenet --rounds 0|--rounds is 0; at least 1 is needed",
        "round --model lenet --seconds 0|--seconds is 0; at least 1 is needed",
        "round --model lenet --batch 0|--batch is 0; at least 1 is needed",
        "round --model lenet --implementation horovod|'horovod' is none of convoy, dl4j-spark",
        "model --measured nowhere|there is no file nowhere; `convoy bench round --json` prints",
        "model --measured nowhere --model lenet|--model and --step-seconds belong together",
        "model --measured nowhere --gigabits 0|--gigabits is 0.0; a number above 0 is needed",
        "training --config nowhere|there is no configuration file file:",
        "training --config nowhere --rounds 0|--rounds is 0; at least 1 is needed"
      })
  void whatCannotBeMeasuredHasExitCode2(String line, String said) {
    List<String> arguments = new ArrayList<>(List.of("bench"));
    arguments.addAll(List.of(line.split(" ")));
    Outcome.of(arguments.toArray(String[]::new)).refused(2, said);
  }

  @Test
  void fileThatHoldsSomethingElseIsNamed() throws IOException {
    Path file = folder.resolve("other.jsonl");
    Files.writeString(file, "{\"observations\":[{\"model\":\"lenet\"}]}\n");
    Outcome.of("bench", "model", "--measured", file.toString())
        .refused(3, "line 1 of " + file, "is not what `convoy bench round --json` prints");
    Files.writeString(file, "{}\n");
    Outcome.of("bench", "model", "--measured", file.toString())
        .refused(2, "0 measured cases; at least 3");
  }

  private Outcome bench(String... more) throws IOException {
    Files.createDirectories(folder.resolve("work"));
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "bench",
                "round",
                "--model=lenet",
                "--steps=2",
                "--cheap-steps",
                "--work=" + folder.resolve("work"),
                "--master=local[2,2]",
                "--json"));
    arguments.addAll(List.of(more));
    return Outcome.of(arguments.toArray(String[]::new));
  }

  private List<Path> leftovers() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("work"))) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  private static List<JsonNode> list(JsonNode array) {
    List<JsonNode> nodes = new ArrayList<>();
    array.forEach(nodes::add);
    return nodes;
  }
}
