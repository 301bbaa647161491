package dev.convoy.models.weights;

import dev.convoy.models.InvalidModelException;
import java.util.List;

/** Names that a file gives of other files. */
final class FileNames {

  private static final List<String> LEADING_OUT = List.of("", ".", "..");

  private FileNames() {}

  /**
   * Checks that a name is a relative path that only goes down, with {@code /} between its parts.
   *
   * @throws InvalidModelException if it is absolute, a URL, or has parts that lead elsewhere
   */
  static String within(String name, String whose) {
    boolean down =
        name.indexOf('\\') < 0
            && name.indexOf(':') < 0
            && name.chars().noneMatch(Character::isISOControl)
            && List.of(name.split("/", -1)).stream().noneMatch(LEADING_OUT::contains);
    if (!down) {
      throw new InvalidModelException(
          whose
              + " names the file \""
              + name
              + "\"; only files in its own folder are read, named without :, \\, . and ..");
    }
    return name;
  }
}
