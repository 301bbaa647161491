package dev.convoy.trainer.cli;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where the content of a package goes, and where the package is if it is here already. */
final class PackageOptions {

  @Option(
      names = "--to",
      paramLabel = "DIR",
      required = true,
      description = "A local folder that does not exist yet or is empty.")
  private Path target;

  @Option(
      names = "--archive",
      paramLabel = "FILE",
      description = "The package, already downloaded; its digest is checked all the same.")
  private Path archive;

  Path target() {
    return target;
  }

  Optional<Path> archive() {
    return Optional.ofNullable(archive);
  }
}
