package dev.convoy.data.fetch;

import dev.convoy.data.InvalidRequestException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Runs Maven or npm as the person at this machine would, with their settings, mirrors and
 * credentials.
 */
final class PackageClient {
  private static final long TIMEOUT_MINUTES = 60;
  private static final int LINES_SHOWN = 15;

  private final String searchPath;

  PackageClient() {
    this(System.getenv().getOrDefault("PATH", ""));
  }

  /**
   * @param searchPath the folders programs are looked for in, separated as in {@code PATH}
   */
  PackageClient(String searchPath) {
    this.searchPath = searchPath;
  }

  /**
   * Downloads an archive.
   *
   * @param folder an empty folder for it
   * @return the archive
   * @throws InvalidRequestException if the client is not installed
   * @throws IOException if the client fails, with the last lines it said
   */
  Path download(PackageSource source, Path folder) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(source.download(folder));
    command.set(0, program(source).toString());
    Path log = folder.resolve("client.log");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    Process process = builder.start();
    try {
      process.getOutputStream().close();
      if (!process.waitFor(TIMEOUT_MINUTES, TimeUnit.MINUTES)) {
        throw new IOException(
            "%s took more than %d minutes to download %s"
                .formatted(source.client().program(), TIMEOUT_MINUTES, source.coordinates()));
      }
    } finally {
      process.destroy();
    }
    Path archive = folder.resolve(source.fileName());
    if (process.exitValue() != 0 || !Files.isRegularFile(archive)) {
      throw new IOException(
          "%s could not download %s (exit code %d):%n%s"
              .formatted(
                  source.client().program(),
                  source.coordinates(),
                  process.exitValue(),
                  lastLines(log)));
    }
    return archive;
  }

  private Path program(PackageSource source) {
    String program = source.client().program();
    return Stream.of(searchPath.split(File.pathSeparator, -1))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, program))
        .filter(path -> Files.isRegularFile(path) && Files.isExecutable(path))
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidRequestException(
                    ("%s is needed to download %s and is not on the PATH: %s, or give an already"
                            + " downloaded %s with --archive")
                        .formatted(
                            program,
                            source.coordinates(),
                            source.client().remedy(),
                            source.fileName())));
  }

  private static String lastLines(Path log) throws IOException {
    List<String> lines = Files.readAllLines(log);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size()));
  }
}
