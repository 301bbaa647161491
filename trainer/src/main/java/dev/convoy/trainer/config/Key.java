package dev.convoy.trainer.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** One key of one section: a record component and what its annotations say of it. */
record Key(RecordComponent component) {

  String name() {
    return Keys.snakeCase(component.getName());
  }

  Type type() {
    return component.getGenericType();
  }

  /** Whether the value of the key is itself a section with keys. */
  boolean isSection() {
    Class<?> type = component.getType();
    return (type.isRecord() && type != ByteSize.class) || type.isSealed();
  }

  boolean isExperiment() {
    return component.isAnnotationPresent(Experiment.class);
  }

  /** Returns an example of a right value if the key must be given. */
  Optional<String> requiredExample() {
    return Optional.ofNullable(component.getAnnotation(Required.class)).map(Required::example);
  }

  /** Returns the YAML text that stands in for the key where it is left out. */
  String standIn() {
    Default fallback = component.getAnnotation(Default.class);
    return requiredExample().orElseGet(() -> fallback == null ? "{}" : fallback.value());
  }

  String doc() {
    return component.getAnnotation(Doc.class).value();
  }

  Object valueIn(Record section) {
    try {
      return component.getAccessor().invoke(section);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot read " + component, e);
    }
  }

  /** Returns the name of the key's type as people are told it. */
  String typeName() {
    return typeName(type());
  }

  private static String plural(Type item) {
    String name = typeName(item);
    return item instanceof Class<?> plain && plain.isEnum() ? name : name + "s";
  }

  static String typeName(Type type) {
    if (type instanceof ParameterizedType generic) {
      Type[] arguments = generic.getActualTypeArguments();
      return arguments.length == 2 ? "mapping" : "list of " + plural(arguments[0]);
    }
    Class<?> plain = (Class<?>) type;
    if (plain.isEnum()) {
      return Arrays.stream(plain.getEnumConstants())
          .map(constant -> Keys.word((Enum<?>) constant))
          .collect(Collectors.joining(" \\| "));
    }
    if (plain == String.class) {
      return "text";
    }
    if (plain == ByteSize.class) {
      return "size";
    }
    if (plain == boolean.class) {
      return "true \\| false";
    }
    return plain == int.class || plain == long.class ? "whole number" : "number";
  }
}
