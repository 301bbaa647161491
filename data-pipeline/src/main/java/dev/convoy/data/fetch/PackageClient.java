package dev.convoy.data.fetch;

import dev.convoy.data.InvalidRequestException;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
   * @throws DownloadException if the client fails, with what to do and the last lines it said
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
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new DownloadException(failure(source, "it does not start: " + e.getMessage()), e);
    }
    try {
      process.getOutputStream().close();
      if (!process.waitFor(TIMEOUT_MINUTES, TimeUnit.MINUTES)) {
        throw new DownloadException(
            failure(source, "stopped after %d minutes".formatted(TIMEOUT_MINUTES))
                + lastLines(log));
      }
    } finally {
      process.destroy();
    }
    Path archive = folder.resolve(source.fileName());
    if (process.exitValue() != 0 || !Files.isRegularFile(archive)) {
      throw new DownloadException(
          failure(source, "exit code %d".formatted(process.exitValue())) + lastLines(log));
    }
    return archive;
  }

  private static String failure(PackageSource source, String why) {
    String program = source.client().program();
    return ("%s could not download %s (%s). Try \"%s\" by hand: its settings must name a registry or"
            + " mirror that this machine reaches; or give an already downloaded %s with --archive.")
        .formatted(
            program,
            source.coordinates(),
            why,
            String.join(" ", source.download(Path.of("."))),
            source.fileName());
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
    // Whatever the client's encoding is.
    List<String> lines = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
    if (lines.isEmpty()) {
      return " It said nothing.";
    }
    return " It said last:\n"
        + String.join("\n", lines.subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size()));
  }
}
