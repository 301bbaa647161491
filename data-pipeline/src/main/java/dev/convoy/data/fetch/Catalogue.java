package dev.convoy.data.fetch;

import dev.convoy.data.InvalidRequestException;
import dev.convoy.data.text.Suggestions;
import java.util.List;
import java.util.function.Function;

/** What can be asked for by name. */
final class Catalogue {
  private Catalogue() {}

  /**
   * The one of that name.
   *
   * @param absence begins the complaint, such as "there is no dataset"
   * @throws InvalidRequestException if there is none, with the names there are
   */
  static <T> T find(List<T> all, Function<T, String> nameOf, String name, String absence) {
    List<String> names = all.stream().map(nameOf).toList();
    return all.stream()
        .filter(one -> nameOf.apply(one).equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidRequestException(
                    "%s \"%s\"%s Known: %s"
                        .formatted(
                            absence,
                            name,
                            Suggestions.nearest(name, names)
                                .map(near -> ", did you mean \"" + near + "\"?")
                                .orElse("."),
                            String.join(", ", names))));
  }
}
