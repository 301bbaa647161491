package dev.convoy.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What `bench engine` measures and says, on the smallest network. */
final class BenchTest {

  @Test
  void oneLineHasEveryFigure() throws IOException {
    JsonNode line = bench("--json").done().json();
    assertThat(line.path("machine").asText()).contains("oneDNN", "threads=1");
    assertThat(whats(line))
        .hasSize(3)
        .element(0)
        .asString()
        .startsWith("training of lenet, ")
        .endsWith("batch 4, 1 thread");
    JsonNode rate = line.path("results").get(0);
    assertThat(rate.path("unit").asText()).isEqualTo("images/s");
    assertThat(rate.path("runs").asInt()).isGreaterThanOrEqualTo(3);
    for (JsonNode figure : line.path("results")) {
      assertThat(figure.fieldNames())
          .toIterable()
          .containsExactly("what", "unit", "median", "min", "max", "runs");
      assertThat(figure.path("min").asDouble()).isPositive();
      assertThat(figure.path("median").asDouble())
          .isBetween(figure.path("min").asDouble(), figure.path("max").asDouble());
    }
  }

  @ParameterizedTest
  @CsvSource({"float32,float32", "FLOAT32,float32"})
  void precisionIsWhatWasAskedFor(String asked, String computed) throws IOException {
    JsonNode line = bench("--precision", asked, "--json").done().json();
    assertThat(line.path("machine").asText()).contains("precision=" + computed);
    assertThat(whats(line).get(0)).contains(computed);
  }

  @Test
  void bothWordsForBfloat16MeanTheSame() throws IOException {
    Outcome brief = bench("--precision", "bf16", "--json");
    Outcome whole = bench("--precision", "bfloat16", "--json");
    assertThat(brief.exitCode()).isEqualTo(whole.exitCode());
    if (brief.exitCode() == 0) {
      assertThat(brief.json().path("machine").asText()).contains("precision=bfloat16");
    } else {
      brief.refused(2, "precision is bfloat16, which this processor does not compute in");
      whole.refused(2, "ask for float32 or auto");
    }
  }

  @Test
  void inferenceHasItsOwnFigures() throws IOException {
    assertThat(whats(bench("--inference", "--json").done().json()))
        .element(0)
        .asString()
        .startsWith("inference of lenet, ");
  }

  @Test
  void ceilingIsOneMoreFigure() throws IOException {
    JsonNode line = bench("--ceiling", "--json").done().json();
    assertThat(whats(line)).hasSize(4);
    assertThat(whats(line).get(3)).endsWith("the library's own operations alone");
    assertThat(line.path("results").get(3).path("unit").asText()).isEqualTo("images/s");
  }

  @Test
  void profileIsTableOfOperationsForPeople() {
    assertThat(bench("--profile").done().out())
        .contains("images/s (", "memory of the plan: ", "operation", "ConvolutionBackwardWeights")
        .containsPattern("all +\\d+ +\\d+\\.\\d+")
        .doesNotContain("alone");
  }

  @Test
  void profileBesideCeilingHasWhatOperationsTakeByThemselves() {
    assertThat(bench("--profile", "--ceiling").done().out())
        .containsPattern("operation +count +ms +% +alone, ms")
        .containsPattern("ConvolutionBackwardWeights +2 +\\d+\\.\\d+ +\\d+\\.\\d +\\d+\\.\\d+")
        .containsPattern("(?m)Pool +2 +\\d+\\.\\d+ +\\d+\\.\\d$");
  }

  @Test
  void stockLayersAreMeasuredToo() throws IOException {
    JsonNode line = bench("--stock", "--json").done().json();
    assertThat(line.path("machine").asText()).isEqualTo("stock DL4J, float32");
    assertThat(whats(line).get(0)).isEqualTo("training of lenet, stock DL4J, batch 4, 1 thread");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--model lenett|there is no model named lenett. Did you mean lenet or alexnet?",
        "--model lenet --batch 0|--batch is 0; at least 1 is needed",
        "--model lenet --batch -3 --stock|--batch is -3; at least 1 is needed",
        "--model lenet --batch 2000000000|--batch is 2000000000; at most 2739137 images of 1x28x28",
        "--model lenet --threads 0|--threads is 0; at least 1 is needed",
        "--model lenet --threads 99999|--threads is 99999; this process has ",
        "--model lenet --seconds 0|--seconds is 0; at least 1 is needed",
        "--model lenet --stock --precision bf16|--stock computes in float32",
        "--model lenet --stock --ceiling|leave them out, or --stock",
        "--model lenet --stock --profile|leave them out, or --stock"
      })
  void whatCannotBeMeasuredHasExitCode2(String line, String said) {
    List<String> arguments = new ArrayList<>(List.of("bench", "engine"));
    arguments.addAll(List.of(line.split(" ")));
    Outcome.of(arguments.toArray(String[]::new)).refused(2, said);
  }

  private static Outcome bench(String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of("bench", "engine", "--model", "lenet", "--batch", "4", "--seconds", "1"));
    arguments.addAll(List.of(more));
    return Outcome.of(arguments.toArray(String[]::new));
  }

  private static List<String> whats(JsonNode line) {
    List<String> whats = new ArrayList<>();
    line.path("results").forEach(figure -> whats.add(figure.path("what").asText()));
    return whats;
  }
}
