package dev.convoy.models;

import java.io.Serializable;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which network: a name of the registry, its arguments (empty: the defaults), the input and the
 * number of classes. Whether the name exists and the rest fits it is checked by {@link
 * ModelRegistry}, all at once.
 *
 * @param arguments values are strings, numbers or booleans
 */
public record ModelSpec(String name, Map<String, Object> arguments, InputShape input, int classes)
    implements Serializable {

  public ModelSpec {
    if (name.isBlank()) {
      throw new InvalidModelException(
          "the model's name is empty; it has to be one of the registry");
    }
    arguments = Collections.unmodifiableMap(new TreeMap<>(arguments));
  }

  /** The spec without arguments. */
  public static ModelSpec of(String name, InputShape input, int classes) {
    return new ModelSpec(name, Map.of(), input, classes);
  }
}
