package dev.convoy.benchmarks.libtorch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What Linux tells about this process. */
final class ThisProcess {
  private static final Path PROC = Path.of("/proc/self");

  private ThisProcess() {}

  /** The highest resident memory so far, in megabytes (VmHWM). */
  static long peakMemoryMb() {
    try (Stream<String> lines = Files.lines(PROC.resolve("status"))) {
      return lines
              .filter(line -> line.startsWith("VmHWM:"))
              .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
              .findFirst()
              .orElseThrow()
          * 1024
          / 1_000_000;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The mapped libraries whose file names match {@code name}. */
  static List<Path> libraries(Pattern name) {
    try (Stream<String> lines = Files.lines(PROC.resolve("maps"))) {
      return lines
          .filter(line -> line.indexOf('/') >= 0)
          .map(line -> Path.of(line.substring(line.indexOf('/'))))
          .filter(path -> name.matcher(path.getFileName().toString()).matches())
          .distinct()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
