package dev.convoy.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.convoy.trainer.Json;
import dev.convoy.trainer.training.StopRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/**
 * What came of one command, run in this process.
 *
 * @param exitCode of the command
 * @param out its standard output
 * @param err its standard error
 */
record Outcome(int exitCode, String out, String err) {

  /** Runs a command that needs no Spark. */
  static Outcome of(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        Convoy.execute(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            new StopRequest(),
            Clock.systemUTC(),
            args);
    return new Outcome(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** Runs a command on an embedded Spark of one slot, where all that travels must be registered. */
  static Outcome onSpark(String... args) {
    List<String> all = new ArrayList<>(List.of(args));
    all.addAll(List.of("--master", "local[1,2]", "--conf", "spark.kryo.registrationRequired=true"));
    return of(all.toArray(String[]::new));
  }

  /** Makes sure that it did its work. */
  Outcome done() {
    assertThat(exitCode).as(err).isZero();
    return this;
  }

  /** Makes sure that it failed so, with one message that has all these parts and no stack trace. */
  Outcome refused(int code, String... parts) {
    assertThat(exitCode).as(err).isEqualTo(code);
    assertThat(err.lines().filter(line -> line.startsWith("convoy: "))).as(err).hasSize(1);
    assertThat(err)
        .contains(parts)
        .doesNotContain("\tat ", "Caused by", "Exception", "should not have happened", "null");
    assertThat(out).as("a command that failed has no result").isEmpty();
    return this;
  }

  /** The JSON object that stands last on standard output. */
  JsonNode json() throws IOException {
    return Json.MAPPER.readTree(out.lines().reduce("", (before, line) -> line));
  }
}
