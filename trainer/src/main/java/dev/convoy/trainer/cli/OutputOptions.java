package dev.convoy.trainer.cli;

import picocli.CommandLine.Option;

/** How a command says its result. */
final class OutputOptions {

  @Option(
      names = "--json",
      description = "Print the result as one JSON object on the last line of standard output.")
  private boolean json;

  /** Says a result in the form that was asked for. */
  void say(Console console, Object result, String text) {
    if (json) {
      console.json(result);
    } else {
      console.print(text);
    }
  }
}
