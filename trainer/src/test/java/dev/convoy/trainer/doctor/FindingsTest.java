package dev.convoy.trainer.doctor;

import static dev.convoy.trainer.doctor.Answers.DRIVER;
import static dev.convoy.trainer.doctor.Answers.executor;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.convoy.trainer.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Many verdicts become few lines. */
final class FindingsTest {

  @Test
  void hundredEqualExecutorsAreOneLine() {
    List<Verdict> verdicts =
        IntStream.range(0, 100).mapToObj(i -> Verdict.ok(executor(i), "Java 17")).toList();
    assertThat(lines(100, verdicts))
        .containsExactly("ok       java           all 100 executors: Java 17");
  }

  @Test
  void whoDiffersIsNamedAndStandsFirst() {
    List<Verdict> verdicts = new ArrayList<>();
    verdicts.add(Verdict.ok(DRIVER, "Java 17"));
    for (int i = 0; i < 10; i++) {
      boolean old = i == 2 || i == 3 || i == 4 || i == 8;
      verdicts.add(
          old
              ? Verdict.fails(executor(i), "Java 11", "take 17")
              : Verdict.ok(executor(i), "Java 17"));
    }
    assertThat(lines(10, verdicts))
        .containsExactly(
            "fails    java           executors 2-4, 8: Java 11; take 17",
            "ok       java           driver, executors 0-1, 5-7, 9: Java 17");
  }

  @Test
  void fewExecutorsAreNamedWithTheirHosts() {
    assertThat(
            lines(
                3,
                List.of(
                    Verdict.warning(executor(0), "slow", "be fast"),
                    Verdict.ok(executor(1), "fine"),
                    Verdict.ok(executor(2), "fine"),
                    Verdict.overall(Level.OK, "all in all", ""))))
        .containsExactly(
            "warning  java           executor 0 on host-0: slow; be fast",
            "ok       java           executor 1 on host-0, executor 2 on host-1: fine",
            "ok       java           cluster: all in all");
  }

  @Test
  void onlyFailuresMakeADiagnosisBad() throws Exception {
    Finding warning = new Finding("a", Level.WARNING, "cluster", "b", "c");
    Finding failure = new Finding("d", Level.FAILS, "driver", "e", "f");
    assertThat(Diagnosis.of(List.of(warning)).ok()).isTrue();
    Diagnosis bad = Diagnosis.of(List.of(warning, failure));
    assertThat(bad.ok()).isFalse();
    assertThat(bad.text()).endsWith("a run would fail").contains("driver: e; f");
    JsonNode json = Json.MAPPER.readTree(Json.MAPPER.writeValueAsString(bad));
    assertThat(json)
        .isEqualTo(
            Json.MAPPER.readTree(
                """
                {"findings": [
                  {"check": "a", "level": "warning", "where": "cluster", "detail": "b", "advice": "c"},
                  {"check": "d", "level": "fails", "where": "driver", "detail": "e", "advice": "f"}],
                 "ok": false}
                """));
  }

  private static List<String> lines(int executors, List<Verdict> verdicts) {
    return new Findings(executors).of("java", verdicts).stream().map(Finding::line).toList();
  }
}
