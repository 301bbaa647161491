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
    tree.putAll(kind(section));
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
    kind(section).forEach((key, kind) -> keys.put(Keys.join(path, key), kind));
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

  /** Returns the key and its value that select this record; empty where there is no choice. */
  private static Map<String, String> kind(Record section) {
    Kind kind = section.getClass().getAnnotation(Kind.class);
    return kind == null
        ? Map.of()
        : Map.of(Section.kindKey(section.getClass().getInterfaces()[0]), kind.value());
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
