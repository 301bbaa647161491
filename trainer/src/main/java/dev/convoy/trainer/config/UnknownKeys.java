package dev.convoy.trainer.config;

import dev.convoy.data.text.Suggestions;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Refuses keys that a section does not have, and says which one was probably meant. */
final class UnknownKeys {
  private final List<Problem> problems;
  private final List<String> allPaths = new ArrayList<>();

  UnknownKeys(Class<? extends Record> root, List<Problem> problems) {
    this.problems = problems;
    collect(Section.of(root), "");
  }

  void check(Section section, YamlNode.Mapping node, String path) {
    node.entries()
        .forEach(
            (name, value) -> {
              if (!section.keyNames().contains(name)) {
                refuse(name, value, path, section.keyNames());
              }
            });
  }

  /** As {@link #check} for one of several kinds, whose keys are not each other's. */
  void checkKind(Class<?> type, String kind, YamlNode.Mapping node, String path) {
    Map<String, Section> kinds = Section.kinds(type);
    String kindKey = Section.kindKey(type);
    List<String> own = new ArrayList<>(List.of(kindKey));
    own.addAll(kinds.get(kind).keyNames());
    node.entries()
        .forEach(
            (name, value) -> {
              List<String> owners =
                  kinds.entrySet().stream()
                      .filter(entry -> entry.getValue().keyNames().contains(name))
                      .map(Map.Entry::getKey)
                      .toList();
              if (own.contains(name)) {
                return;
              }
              if (owners.isEmpty()) {
                refuse(name, value, path, own);
                return;
              }
              problems.add(
                  Problem.of(
                      Keys.join(path, name),
                      "is no key of the " + kindKey + " " + kind,
                      value.shown() + ", " + value.origin(),
                      "it belongs to "
                          + String.join(", ", owners)
                          + "; "
                          + kind
                          + " has "
                          + String.join(", ", own)));
            });
  }

  /** Returns the names that may stand in a key that is a section. */
  List<String> namesIn(Key key) {
    Class<?> type = key.component().getType();
    if (type.isRecord()) {
      return Section.of(type.asSubclass(Record.class)).keyNames();
    }
    Set<String> names = new LinkedHashSet<>(List.of(Section.kindKey(type)));
    Section.kinds(type).values().forEach(section -> names.addAll(section.keyNames()));
    return List.copyOf(names);
  }

  private void refuse(String name, YamlNode value, String path, List<String> known) {
    Optional<String> near =
        Suggestions.nearest(name, known)
            .map(key -> Keys.join(path, key))
            .or(() -> allPaths.stream().filter(key -> key.endsWith("." + name)).findFirst())
            .or(() -> allPaths.stream().filter(name::equals).findFirst());
    String right =
        near.map(key -> "did you mean '" + key + "'?")
            .orElseGet(() -> "known here: " + String.join(", ", known));
    problems.add(
        Problem.of(
            Keys.join(path, name),
            "is an unknown key",
            value.shown() + ", " + value.origin(),
            right));
  }

  private void collect(Section section, String path) {
    for (Key key : section.keys()) {
      String keyPath = Keys.join(path, key.name());
      allPaths.add(keyPath);
      Class<?> type = key.component().getType();
      if (key.isSection() && type.isRecord()) {
        collect(Section.of(type.asSubclass(Record.class)), keyPath);
      } else if (type.isSealed()) {
        namesIn(key).forEach(name -> allPaths.add(Keys.join(keyPath, name)));
      }
    }
  }
}
