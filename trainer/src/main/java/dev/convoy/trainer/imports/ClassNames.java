package dev.convoy.trainer.imports;

import dev.convoy.data.InvalidRequestException;
import dev.convoy.data.storage.Storage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Names of classes, in the order of their indices. */
final class ClassNames {

  private ClassNames() {}

  /** The indices themselves, for who has no names. */
  static List<String> numbers(int classes) {
    return IntStream.range(0, classes).mapToObj(Integer::toString).toList();
  }

  /**
   * The lines of a file.
   *
   * @throws InvalidRequestException if it is not text, or a line is empty or stands there twice
   */
  static List<String> read(Storage folder, String file) throws IOException {
    List<String> names =
        text(folder.read(file), folder.location(file)).lines().map(String::strip).toList();
    Map<String, Integer> lines = new HashMap<>();
    for (int i = 0; i < names.size(); i++) {
      if (names.get(i).isEmpty()) {
        throw new InvalidRequestException(
            "line %d of %s is empty; each line has the name of a class"
                .formatted(i + 1, folder.location(file)));
      }
      Integer before = lines.put(names.get(i), i);
      if (before != null) {
        throw new InvalidRequestException(
            "lines %d and %d of %s are both '%s'; the names of classes have to differ"
                .formatted(before + 1, i + 1, folder.location(file), names.get(i)));
      }
    }
    if (names.size() < 2) {
      throw new InvalidRequestException(
          "%s names %d classes; at least two are needed"
              .formatted(folder.location(file), names.size()));
    }
    return names;
  }

  private static String text(byte[] bytes, String location) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new InvalidRequestException(location + " is not a text file in UTF-8", e);
    }
  }
}
