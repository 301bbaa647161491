package dev.convoy.trainer.config;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.convoy.data.storage.Sha256;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What makes two configurations the same experiment: the canonical JSON of their experiment keys,
 * defaults filled in. Keys are full paths in code-unit order; a number is its exact decimal value,
 * so that {@code 1} and {@code 1.0} are one and no Java version prints it otherwise.
 */
final class ExperimentIdentity {
  private ExperimentIdentity() {}

  /** Returns the SHA-256 of the canonical JSON, in lower-case hexadecimal. */
  static String digest(Record configuration) {
    return Sha256.hex(Sha256.of(canonical(ConfigTree.experiment(configuration))));
  }

  /** Returns one line {@code key: was X, now Y} for each experiment key that differs. */
  static List<String> differences(Record before, Record after) {
    Map<String, Object> was = ConfigTree.experiment(before);
    Map<String, Object> now = ConfigTree.experiment(after);
    Set<String> keys = new LinkedHashSet<>(was.keySet());
    keys.addAll(now.keySet());
    List<String> lines = new ArrayList<>();
    for (String key : keys) {
      if (!canonicalAt(was, key).equals(canonicalAt(now, key))) {
        lines.add(key + ": was " + shownAt(was, key) + ", now " + shownAt(now, key));
      }
    }
    return lines;
  }

  private static String canonicalAt(Map<String, Object> keys, String key) {
    return keys.containsKey(key) ? canonical(keys.get(key)) : "absent";
  }

  private static String shownAt(Map<String, Object> keys, String key) {
    return keys.containsKey(key) ? YamlWriter.flow(keys.get(key)) : "absent";
  }

  static String canonical(Object value) {
    if (value instanceof Map<?, ?> map) {
      return new TreeMap<Object, Object>(map)
          .entrySet().stream()
              .map(entry -> canonical(entry.getKey()) + ":" + canonical(entry.getValue()))
              .collect(Collectors.joining(",", "{", "}"));
    }
    if (value instanceof Collection<?> items) {
      return items.stream()
          .map(ExperimentIdentity::canonical)
          .collect(Collectors.joining(",", "[", "]"));
    }
    if (value instanceof String text) {
      return '"' + String.valueOf(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
    }
    if (value instanceof Double number) {
      return exact(new BigDecimal(number));
    }
    return value instanceof Boolean truth
        ? truth.toString()
        : exact(new BigDecimal(value.toString()));
  }

  private static String exact(BigDecimal number) {
    return number.signum() == 0 ? "0" : number.stripTrailingZeros().toString();
  }
}
