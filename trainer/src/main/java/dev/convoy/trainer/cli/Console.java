package dev.convoy.trainer.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.convoy.trainer.Json;
import java.io.PrintStream;

/** The only place that prints: results to standard output, the rest to standard error. */
final class Console {

  private final PrintStream out;
  private final PrintStream err;

  Console(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  /** Text for people. */
  void print(String text) {
    out.println(text);
  }

  /** The last line of a command that was asked for JSON. */
  void json(Object result) {
    try {
      out.println(Json.MAPPER.writeValueAsString(result));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a result could not be written as JSON", e);
    }
  }

  /** Why a command failed. */
  void error(String message) {
    err.println("convoy: " + message);
  }

  /** What a person should know. */
  void warn(String message) {
    err.println("convoy: warning: " + message);
  }

  /** Where progress goes. */
  PrintStream progress() {
    return err;
  }
}
