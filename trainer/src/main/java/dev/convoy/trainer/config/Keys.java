package dev.convoy.trainer.config;

import java.util.Collection;
import java.util.Locale;

/** How keys and values are spelled for people: snake_case names, dotted paths, short values. */
final class Keys {
  private static final int LONGEST_SHOWN = 80;

  private Keys() {}

  /** Returns the YAML name of a record component: {@code weightDecay} is {@code weight_decay}. */
  static String snakeCase(String component) {
    return component.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }

  /** Returns the YAML word of an enum constant. */
  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  static String join(String section, String key) {
    if (section.isEmpty() || key.isEmpty()) {
      return section + key;
    }
    return section + "." + key;
  }

  /** Returns the first segment of a dotted path. */
  static String head(String path) {
    int dot = path.indexOf('.');
    return dot < 0 ? path : path.substring(0, dot);
  }

  /** Returns a value as a message shows it: as YAML on one line, cut where it is long. */
  static String shown(Object value) {
    Object plain =
        value instanceof Collection<?> || value instanceof String ? value : value.toString();
    String text = plain instanceof String s && !s.isEmpty() ? s : YamlWriter.flow(plain);
    return shorten(text);
  }

  static String shorten(String text) {
    return text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN) + "...";
  }
}
