package dev.convoy.trainer.config;

import dev.convoy.data.text.Suggestions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes records from YAML and gathers every problem on the way: where a key is wrong, its default
 * or example stands in for it, so that the rest of the record is judged too.
 */
final class Binder {
  private final List<Problem> problems;
  private final ValueReader values;
  private final UnknownKeys unknownKeys;

  Binder(Class<? extends Record> root, List<Problem> problems) {
    this.problems = problems;
    this.values = new ValueReader(problems);
    this.unknownKeys = new UnknownKeys(root, problems);
  }

  /**
   * Makes the record of a section; {@code problems} tells whether it is the one that was asked for.
   */
  Record bind(Section section, YamlNode.Mapping node, String path) {
    unknownKeys.check(section, node, path);
    return bindKnown(section, node, path);
  }

  private Record bindKnown(Section section, YamlNode.Mapping node, String path) {
    Set<String> wrong = new HashSet<>();
    Object[] arguments = new Object[section.keys().size()];
    for (int i = 0; i < arguments.length; i++) {
      Key key = section.keys().get(i);
      int before = problems.size();
      arguments[i] = argument(key, Optional.ofNullable(node.entries().get(key.name())), path);
      if (problems.size() > before) {
        wrong.add(key.name());
      }
    }
    try {
      return section.create(arguments);
    } catch (ConfigurationException e) {
      for (Problem problem : e.found()) {
        if (problem.uses().stream().map(Keys::head).noneMatch(wrong::contains)) {
          problems.add(problem.in(path, origin(node, problem.path())));
        }
      }
      return standIn(section);
    }
  }

  private Object argument(Key key, Optional<YamlNode> given, String section) {
    String path = Keys.join(section, key.name());
    if (key.isSection()) {
      YamlNode node = given.orElseGet(() -> YamlNode.Mapping.empty(""));
      if (node instanceof YamlNode.Mapping mapping) {
        return section(key.component().getType(), mapping, path);
      }
      problems.add(
          Problem.of(
              path,
              "is no mapping",
              node.shown() + ", " + node.origin(),
              "a mapping with " + String.join(", ", unknownKeys.namesIn(key))));
      return section(key.component().getType(), standInNode(key.component().getType()), path);
    }
    if (given.isEmpty() && key.requiredExample().isPresent()) {
      problems.add(
          Problem.of(
              path, "is missing", "", key.doc() + ", for example " + key.requiredExample().get()));
    }
    return given.flatMap(node -> values.read(key.type(), node, path)).orElseGet(() -> standIn(key));
  }

  private Record section(Class<?> type, YamlNode.Mapping node, String path) {
    if (type.isRecord()) {
      return bind(Section.of(type.asSubclass(Record.class)), node, path);
    }
    Map<String, Section> kinds = Section.kinds(type);
    String fallback = type.getAnnotation(DefaultKind.class).value();
    String kindKey = Section.kindKey(type);
    YamlNode kindNode =
        node.entries().getOrDefault(kindKey, new YamlNode.Scalar(fallback, true, ""));
    String kind = kindNode instanceof YamlNode.Scalar scalar ? scalar.text() : "";
    if (!kinds.containsKey(kind)) {
      String near =
          Suggestions.nearest(kind, kinds.keySet())
              .map(name -> " (did you mean '" + name + "'?)")
              .orElse("");
      problems.add(
          Problem.of(
              Keys.join(path, kindKey),
              "is not known",
              kindNode.shown() + ", " + kindNode.origin(),
              "one of " + String.join(", ", kinds.keySet()) + near));
      return standIn(kinds.get(fallback));
    }
    unknownKeys.checkKind(type, kind, node, path);
    return bindKnown(kinds.get(kind), node, path);
  }

  private static Object standIn(Key key) {
    List<Problem> none = new ArrayList<>();
    YamlNode node = YamlReader.read(key.standIn(), key.name(), "default", none).orElseThrow();
    Object value = new ValueReader(none).read(key.type(), node, key.name()).orElse(null);
    if (value == null || !none.isEmpty()) {
      throw new IllegalStateException("the default of " + key.component() + " is wrong: " + none);
    }
    return value;
  }

  private static YamlNode.Mapping standInNode(Class<?> type) {
    YamlNode.Mapping node = YamlNode.Mapping.empty("default");
    if (type.isRecord()) {
      for (Key key : Section.of(type.asSubclass(Record.class)).keys()) {
        if (key.requiredExample().isPresent()) {
          node.entries().put(key.name(), new YamlNode.Scalar(key.standIn(), false, "default"));
        }
      }
    }
    return node;
  }

  /** Makes a right record of a section, of defaults and examples alone. */
  private static Record standIn(Section section) {
    Object[] arguments = new Object[section.keys().size()];
    for (int i = 0; i < arguments.length; i++) {
      Key key = section.keys().get(i);
      Class<?> type = key.component().getType();
      if (!key.isSection()) {
        arguments[i] = standIn(key);
      } else if (type.isRecord()) {
        arguments[i] = standIn(Section.of(type.asSubclass(Record.class)));
      } else {
        arguments[i] =
            standIn(Section.kinds(type).get(type.getAnnotation(DefaultKind.class).value()));
      }
    }
    return section.create(arguments);
  }

  /** Returns where the value of a path was written; empty where it was left out. */
  private static String origin(YamlNode.Mapping node, String path) {
    YamlNode at = node;
    for (String key : path.split("\\.", -1)) {
      if (!(at instanceof YamlNode.Mapping mapping) || !mapping.entries().containsKey(key)) {
        return at == node ? "the default" : at.origin();
      }
      at = mapping.entries().get(key);
    }
    return at.origin();
  }
}
