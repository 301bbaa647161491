package dev.convoy.trainer.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** The reference of all keys as a Markdown table, made from the records' annotations. */
final class Reference {
  private final StringBuilder out = new StringBuilder();

  private Reference() {}

  static String of(Class<? extends Record> root) {
    Reference reference = new Reference();
    reference
        .out
        .append("| key | type | default | on resume | meaning |\n")
        .append("|---|---|---|---|---|\n");
    reference.section(Section.of(root), "");
    return reference.out.toString();
  }

  private void section(Section section, String path) {
    for (Key key : section.keys()) {
      String keyPath = Keys.join(path, key.name());
      Class<?> type = key.component().getType();
      if (!key.isSection()) {
        key(key, keyPath, "");
      } else if (type.isRecord()) {
        section(Section.of(type.asSubclass(Record.class)), keyPath);
      } else {
        kinds(type, keyPath);
      }
    }
  }

  private void kinds(Class<?> type, String path) {
    Map<String, Section> kinds = Section.kinds(type);
    row(
        Keys.join(path, Section.kindKey(type)),
        String.join(" \\| ", kinds.keySet()),
        "`" + type.getAnnotation(DefaultKind.class).value() + "`",
        onResume(type.isAnnotationPresent(Experiment.class)),
        type.getAnnotation(Doc.class).value());
    Map<String, Key> keys = new LinkedHashMap<>();
    kinds.values().forEach(kind -> kind.keys().forEach(key -> keys.putIfAbsent(key.name(), key)));
    for (Key key : keys.values()) {
      String owners =
          kinds.entrySet().stream()
              .filter(entry -> entry.getValue().keyNames().contains(key.name()))
              .map(Map.Entry::getKey)
              .collect(Collectors.joining(", "));
      boolean everyKind = owners.equals(String.join(", ", kinds.keySet()));
      key(key, Keys.join(path, key.name()), everyKind ? "" : " (" + owners + ")");
    }
  }

  private void key(Key key, String path, String suffix) {
    row(
        path,
        key.typeName(),
        key.requiredExample().isPresent() ? "required" : "`" + key.standIn() + "`",
        onResume(key.isExperiment()),
        key.doc() + suffix);
  }

  private static String onResume(boolean experiment) {
    return experiment ? "fixed" : "free";
  }

  private void row(String key, String type, String fallback, String onResume, String meaning) {
    out.append("| `").append(key).append("` | ").append(type);
    out.append(" | ").append(fallback).append(" | ").append(onResume);
    out.append(" | ").append(meaning).append(" |\n");
  }
}
