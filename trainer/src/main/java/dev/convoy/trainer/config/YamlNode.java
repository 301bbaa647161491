package dev.convoy.trainer.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A piece of YAML as it was written, before any type is given to it. */
sealed interface YamlNode {

  /** Where it was written: {@code line 12} or {@code --set}. */
  String origin();

  /** How a message shows it. */
  String shown();

  /** Keys in the order of the text; mutable, so that an override can be placed in it. */
  record Mapping(Map<String, YamlNode> entries, String origin) implements YamlNode {
    static Mapping empty(String origin) {
      return new Mapping(new LinkedHashMap<>(), origin);
    }

    @Override
    public String shown() {
      return entries.isEmpty() ? "{}" : "a mapping with " + String.join(", ", entries.keySet());
    }
  }

  /** Items in the order of the text; mutable, so that an override can be placed in it. */
  record Sequence(List<YamlNode> items, String origin) implements YamlNode {
    @Override
    public String shown() {
      return items.isEmpty() ? "[]" : "a list of " + items.size();
    }
  }

  /** One value; {@code quoted} text is always text, whatever it looks like. */
  record Scalar(String text, boolean quoted, String origin) implements YamlNode {
    /** Whether nothing was written: an empty value, {@code ~} or {@code null}. */
    boolean isEmpty() {
      return !quoted && (text.isEmpty() || text.equals("~") || text.equals("null"));
    }

    @Override
    public String shown() {
      if (isEmpty()) {
        return "nothing";
      }
      String cut = Keys.shorten(text);
      return quoted ? '"' + cut + '"' : cut;
    }
  }
}
