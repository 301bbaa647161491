package dev.convoy.trainer.config;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Writes plain values as YAML that {@link YamlReader} reads back to the same values. */
final class YamlWriter {
  private static final Pattern SAFE =
      Pattern.compile("[A-Za-z_/](?:[A-Za-z0-9_./@+=-]|:(?=[A-Za-z0-9_./]))*");
  // Words that YAML 1.1 readers in other languages take for something else.
  private static final Set<String> WORDS =
      Set.of("null", "true", "false", "yes", "no", "on", "off", "y", "n");

  private YamlWriter() {}

  /** Writes a mapping in block style, nested mappings too; lists in flow style. */
  static String block(Map<String, Object> map) {
    StringBuilder out = new StringBuilder();
    block(map, "", out);
    return out.toString();
  }

  private static void block(Map<?, ?> map, String indent, StringBuilder out) {
    map.forEach(
        (key, value) -> {
          out.append(indent).append(text((String) key)).append(':');
          if (value instanceof Map<?, ?> inner && !inner.isEmpty()) {
            out.append('\n');
            block(inner, indent + "  ", out);
          } else if (value instanceof Collection<?> items
              && items.stream().anyMatch(item -> item instanceof Map<?, ?>)) {
            out.append('\n');
            items.forEach(
                item -> out.append(indent).append("  - ").append(flow(item)).append('\n'));
          } else {
            out.append(' ').append(flow(value)).append('\n');
          }
        });
  }

  /** Writes a value on one line. */
  static String flow(Object value) {
    if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .map(entry -> text((String) entry.getKey()) + ": " + flow(entry.getValue()))
          .collect(Collectors.joining(", ", "{", "}"));
    }
    if (value instanceof Collection<?> items) {
      return items.stream().map(YamlWriter::flow).collect(Collectors.joining(", ", "[", "]"));
    }
    if (value instanceof Double number) {
      // YAML 1.1 wants a sign in the exponent.
      return number.toString().replaceFirst("E(?=[0-9])", "e+").replace('E', 'e');
    }
    return value instanceof String text ? text(text) : value.toString();
  }

  private static String text(String text) {
    boolean plain =
        SAFE.matcher(text).matches()
            && !WORDS.contains(text.toLowerCase(java.util.Locale.ROOT))
            && PlainScalars.resolve(text) instanceof String;
    return plain ? text : quoted(text);
  }

  private static String quoted(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if ((c >= ' ' && c < 0x7f) || (Character.isLetterOrDigit(c) && c > 0xa0)) {
        out.append(c);
      } else {
        out.append(String.format("\\u%04X", (int) c));
      }
    }
    return out.append('"').toString();
  }
}
