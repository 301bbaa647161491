package dev.convoy.trainer.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The keys of one record, in the order of its components. */
record Section(Class<? extends Record> type, List<Key> keys) {

  static Section of(Class<? extends Record> type) {
    return new Section(type, Arrays.stream(type.getRecordComponents()).map(Key::new).toList());
  }

  /** Returns the records of a sealed section by the kind that selects them, in source order. */
  static Map<String, Section> kinds(Class<?> sealedSection) {
    Map<String, Section> kinds = new LinkedHashMap<>();
    for (Class<?> variant : sealedSection.getPermittedSubclasses()) {
      kinds.put(variant.getAnnotation(Kind.class).value(), of(variant.asSubclass(Record.class)));
    }
    return kinds;
  }

  /** Returns the key that selects one of the kinds of a sealed section. */
  static String kindKey(Class<?> sealedSection) {
    return sealedSection.getAnnotation(DefaultKind.class).key();
  }

  List<String> keyNames() {
    return keys.stream().map(Key::name).toList();
  }

  /**
   * Makes the record.
   *
   * @throws ConfigurationException as its constructor does
   */
  Record create(Object[] values) {
    Class<?>[] types =
        Arrays.stream(type.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    try {
      Constructor<? extends Record> constructor = type.getDeclaredConstructor(types);
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot make " + type, e);
    }
  }
}
