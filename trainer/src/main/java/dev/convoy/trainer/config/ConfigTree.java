package dev.convoy.trainer.config;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** A configuration as plain values: text, numbers, truth values, lists and mappings. */
final class ConfigTree {
  private ConfigTree() {}

  /** Returns the whole record, sections as nested mappings, in the order of the components. */
  static Map<String, Object> of(Record section) {
    Map<String, Object> tree = new LinkedHashMap<>();
    kind(section).ifPresent(kind -> tree.put("kind", kind));
    for (Key key : Section.of(section.getClass()).keys()) {
      Object value = key.valueIn(section);
      tree.put(
          key.name(), value instanceof Record inner && key.isSection() ? of(inner) : plain(value));
    }
    return tree;
  }

  /** Returns the experiment's keys alone, by their full path. */
  static Map<String, Object> experiment(Record root) {
    Map<String, Object> keys = new LinkedHashMap<>();
    experiment(root, "", keys);
    return keys;
  }

  private static void experiment(Record section, String path, Map<String, Object> keys) {
    kind(section).ifPresent(kind -> keys.put(Keys.join(path, "kind"), kind));
    for (Key key : Section.of(section.getClass()).keys()) {
      String keyPath = Keys.join(path, key.name());
      Object value = key.valueIn(section);
      if (key.isSection()) {
        experiment((Record) value, keyPath, keys);
      } else if (key.isExperiment()) {
        keys.put(keyPath, plain(value));
      }
    }
  }

  private static java.util.Optional<String> kind(Record section) {
    return java.util.Optional.ofNullable(section.getClass().getAnnotation(Kind.class))
        .map(Kind::value);
  }

  private static Object plain(Object value) {
    if (value instanceof Enum<?> constant) {
      return Keys.word(constant);
    }
    if (value instanceof Collection<?> items) {
      return items.stream().map(ConfigTree::plain).toList();
    }
    return value instanceof ByteSize size ? size.toString() : value;
  }
}
