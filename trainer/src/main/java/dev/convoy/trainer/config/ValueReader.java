package dev.convoy.trainer.config;

import dev.convoy.data.text.Suggestions;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Gives YAML nodes the type that their key asks for; what does not fit becomes a problem. */
final class ValueReader {
  private final List<Problem> problems;

  ValueReader(List<Problem> problems) {
    this.problems = problems;
  }

  /** Returns the value, or empty after noting why there is none. */
  Optional<Object> read(Type type, YamlNode node, String path) {
    if (node instanceof YamlNode.Scalar scalar && scalar.isEmpty()) {
      return misfit(
          path, "is empty", node, "give a value, or leave the key out to have its default");
    }
    if (type instanceof ParameterizedType generic) {
      Type[] arguments = generic.getActualTypeArguments();
      if (arguments.length == 2) {
        return node instanceof YamlNode.Mapping
            ? plain(node, path)
            : misfit(path, "is no mapping", node, "a mapping such as {key: value}");
      }
      return items(generic, arguments[0], node, path);
    }
    Class<?> plain = (Class<?>) type;
    if (!(node instanceof YamlNode.Scalar scalar)) {
      return misfit(path, "is of the wrong type", node, "one value: " + described(plain));
    }
    return scalar(plain, scalar, path);
  }

  private Optional<Object> items(
      ParameterizedType list, Type itemType, YamlNode node, String path) {
    if (!(node instanceof YamlNode.Sequence sequence)) {
      return misfit(path, "is no list", node, "a list such as [a, b]");
    }
    boolean isSet = list.getRawType() == Set.class;
    Collection<Object> items = isSet ? new LinkedHashSet<>() : new ArrayList<>();
    boolean complete = true;
    for (int i = 0; i < sequence.items().size(); i++) {
      YamlNode itemNode = sequence.items().get(i);
      String itemPath = Keys.join(path, String.valueOf(i));
      Optional<Object> item = read(itemType, itemNode, itemPath);
      complete &= item.isPresent();
      if (item.isPresent() && !items.add(item.get())) {
        misfit(itemPath, "is listed twice", itemNode, "list it once");
        complete = false;
      }
    }
    return complete ? Optional.of(items) : Optional.empty();
  }

  private Optional<Object> scalar(Class<?> type, YamlNode.Scalar node, String path) {
    if (type == String.class) {
      return Optional.of(node.text());
    }
    if (type.isEnum()) {
      return constant(type, node, path);
    }
    if (type == ByteSize.class) {
      try {
        return Optional.of(ByteSize.parse(node.text()));
      } catch (IllegalArgumentException e) {
        return misfit(path, "is no size", node, described(type));
      }
    }
    if (!node.quoted()) {
      Optional<Object> value = unquoted(type, node.text());
      if (value.isPresent()) {
        return value;
      }
    }
    boolean tooLarge = !node.quoted() && PlainScalars.integer(node.text()).isPresent();
    if (tooLarge && (type == int.class || type == long.class)) {
      long most = type == int.class ? Integer.MAX_VALUE : Long.MAX_VALUE;
      return misfit(path, "is too large", node, "at most " + most + " in size");
    }
    return misfit(
        path,
        type == boolean.class ? "is not true or false" : "is not a " + Key.typeName(type),
        node,
        described(type));
  }

  private static Optional<Object> unquoted(Class<?> type, String text) {
    if (type == boolean.class) {
      return PlainScalars.truth(text).map(value -> value);
    }
    if (type == double.class || type == Double.class) {
      return PlainScalars.real(text).map(value -> value);
    }
    int bits = type == int.class ? Integer.SIZE : Long.SIZE;
    Optional<BigInteger> integer =
        PlainScalars.integer(text).filter(value -> value.bitLength() < bits);
    return integer.map(
        value -> bits == Integer.SIZE ? (Object) value.intValue() : value.longValue());
  }

  private Optional<Object> constant(Class<?> type, YamlNode.Scalar node, String path) {
    String asked = PrecisionWords.own(type, node.text());
    List<String> words = new ArrayList<>();
    for (Object constant : type.getEnumConstants()) {
      String word = Keys.word((Enum<?>) constant);
      if (word.equals(asked)) {
        return Optional.of(constant);
      }
      words.add(word);
    }
    String near =
        Suggestions.nearest(node.text(), words)
            .map(name -> " (did you mean '" + name + "'?)")
            .orElse("");
    return misfit(path, "is not known", node, described(type) + near);
  }

  /** Reads a value of which only other modules know what it should be. */
  private Optional<Object> plain(YamlNode node, String path) {
    if (node instanceof YamlNode.Scalar scalar) {
      if (scalar.isEmpty()) {
        return misfit(path, "is empty", node, "give a value; {} is a mapping without keys");
      }
      return Optional.of(scalar.quoted() ? scalar.text() : PlainScalars.resolve(scalar.text()));
    }
    int before = problems.size();
    Object value;
    if (node instanceof YamlNode.Mapping mapping) {
      Map<String, Object> map = new LinkedHashMap<>();
      mapping
          .entries()
          .forEach(
              (key, item) ->
                  plain(item, Keys.join(path, key)).ifPresent(read -> map.put(key, read)));
      value = map;
    } else {
      List<Object> list = new ArrayList<>();
      for (YamlNode item : ((YamlNode.Sequence) node).items()) {
        plain(item, Keys.join(path, String.valueOf(list.size()))).ifPresent(list::add);
      }
      value = list;
    }
    return problems.size() == before ? Optional.of(value) : Optional.empty();
  }

  private Optional<Object> misfit(String path, String wrong, YamlNode node, String right) {
    problems.add(Problem.of(path, wrong, node.shown() + ", " + node.origin(), right));
    return Optional.empty();
  }

  private static String described(Class<?> type) {
    if (type.isEnum()) {
      return "one of " + Key.typeName(type).replace(" \\|", ",");
    }
    if (type == ByteSize.class) {
      return "a number and a unit, for example 512MiB or 2GiB";
    }
    if (type == boolean.class) {
      return "true or false, without quotes";
    }
    if (type == String.class) {
      return "text";
    }
    return Key.typeName(type).equals("number")
        ? "a number, for example 0.1 or 1e-4, without quotes"
        : "a whole number, for example 32, without quotes";
  }
}
