package dev.convoy.trainer.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Bytes that went through this process's read and write calls, sockets and files alike. Spark's
 * connections are among them, since Java's channels read and write by these calls.
 *
 * @param read since the process began, or between two moments
 * @param written likewise
 */
public record ProcessBytes(long read, long written) {

  private static final Path COUNTERS = Path.of("/proc/self/io");

  /** Linux's counters {@code rchar} and {@code wchar}; empty elsewhere. */
  public static Optional<ProcessBytes> now() {
    try {
      List<String> lines = Files.readAllLines(COUNTERS);
      return Optional.of(new ProcessBytes(counter(lines, "rchar"), counter(lines, "wchar")));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static long counter(List<String> lines, String name) throws IOException {
    for (String line : lines) {
      if (line.startsWith(name + ": ")) {
        return Long.parseLong(line.substring(name.length() + 2).trim());
      }
    }
    throw new IOException(COUNTERS + " has no line " + name);
  }

  /** What came since an earlier moment. */
  public ProcessBytes since(ProcessBytes earlier) {
    return new ProcessBytes(read - earlier.read, written - earlier.written);
  }
}
