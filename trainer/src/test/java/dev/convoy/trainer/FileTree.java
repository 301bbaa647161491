package dev.convoy.trainer;

import dev.convoy.data.storage.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** All files below a folder with their content, to see whether anything changed. */
public final class FileTree {

  private FileTree() {}

  /** Relative path to digest of the content; empty where there is no such folder. */
  public static SortedMap<String, String> of(Path root) throws IOException {
    SortedMap<String, String> files = new TreeMap<>();
    if (Files.exists(root)) {
      try (Stream<Path> found = Files.walk(root)) {
        found
            .filter(Files::isRegularFile)
            .forEach(file -> files.put(root.relativize(file).toString(), digest(file)));
      }
    }
    return files;
  }

  /** Copies a folder with all it holds. */
  public static Path copy(Path from, Path to) throws IOException {
    for (Map.Entry<String, String> file : of(from).entrySet()) {
      Path target = to.resolve(file.getKey());
      Files.createDirectories(target.getParent());
      Files.copy(from.resolve(file.getKey()), target);
    }
    return to;
  }

  /** Changes one bit in the middle of a file. */
  public static void flipBit(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
  }

  private static String digest(Path file) {
    try {
      return Sha256.hex(Sha256.of(Files.readAllBytes(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
