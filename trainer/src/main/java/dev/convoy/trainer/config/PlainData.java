package dev.convoy.trainer.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Values of keys whose content other modules define (model arguments, augmentations): text, whole
 * numbers (Integer where it fits, else Long), Double, Boolean, lists and mappings of these.
 */
final class PlainData {
  private PlainData() {}

  /** Returns an unmodifiable deep copy that keeps the order of keys. */
  static Map<String, Object> copyOf(Map<String, Object> map) {
    Map<String, Object> copy = new LinkedHashMap<>();
    map.forEach((key, value) -> copy.put(key, copy(value)));
    return Collections.unmodifiableMap(copy);
  }

  static List<Map<String, Object>> copyOf(List<Map<String, Object>> maps) {
    return maps.stream().map(PlainData::copyOf).toList();
  }

  private static Object copy(Object value) {
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> copy = new LinkedHashMap<>();
      map.forEach((key, item) -> copy.put((String) key, copy(item)));
      return Collections.unmodifiableMap(copy);
    }
    if (value instanceof List<?> list) {
      List<Object> copy = new ArrayList<>();
      list.forEach(item -> copy.add(copy(item)));
      return Collections.unmodifiableList(copy);
    }
    if (value instanceof Long number && number == number.intValue()) {
      return number.intValue(); // one form for one value, whoever made it
    }
    if (value instanceof String
        || value instanceof Integer
        || value instanceof Long
        || value instanceof Boolean
        || (value instanceof Double number && Double.isFinite(number))) {
      return value;
    }
    throw new IllegalArgumentException(
        "a value of "
            + value
            + "; it must be text, a finite number, true or false, a list or a"
            + " mapping");
  }
}
