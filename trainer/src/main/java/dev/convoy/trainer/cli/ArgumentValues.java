package dev.convoy.trainer.cli;

import java.util.Map;
import java.util.TreeMap;

/** The values of {@code --set ARGUMENT=VALUE}, as a configuration file would have them. */
final class ArgumentValues {
  private ArgumentValues() {}

  /** Whole numbers where they are, numbers where they are, otherwise words. */
  static Map<String, Object> of(Map<String, String> texts) {
    Map<String, Object> values = new TreeMap<>();
    texts.forEach((name, text) -> values.put(name, value(text)));
    return values;
  }

  private static Object value(String text) {
    if (text.matches("[+-]?[0-9]{1,9}")) {
      return Integer.valueOf(text);
    }
    return text.matches("[+-]?[0-9]*\\.?[0-9]+([eE][+-]?[0-9]+)?") ? Double.valueOf(text) : text;
  }
}
