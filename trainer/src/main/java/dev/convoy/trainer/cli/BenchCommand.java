package dev.convoy.trainer.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code convoy bench WHAT}. */
@Command(
    name = "bench",
    description = "Measure what this machine or a cluster does.",
    subcommands = {
      BenchEngineCommand.class,
      BenchRoundCommand.class,
      BenchModelCommand.class,
      BenchTrainingCommand.class
    },
    synopsisSubcommandLabel = "WHAT")
final class BenchCommand {
  @ParentCommand private Convoy convoy;

  Convoy convoy() {
    return convoy;
  }
}
