package dev.convoy.trainer.config;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Places the values of {@code --set a.b.c=value} in a configuration. The value is YAML; {@code
 * null} takes the key out, so that it has its default. List items are named by their index; the
 * index after the last appends.
 */
final class Overrides {
  private static final Pattern INDEX = Pattern.compile("[0-9]{1,6}");

  private final List<Problem> problems;

  Overrides(List<Problem> problems) {
    this.problems = problems;
  }

  void apply(YamlNode.Mapping root, List<String> overrides) {
    for (String override : overrides) {
      int equals = override.indexOf('=');
      if (equals < 1) {
        problems.add(
            Problem.of(
                "--set",
                "is not understood",
                override,
                "--set key=value, for example --set epochs=10"));
        continue;
      }
      String path = override.substring(0, equals).strip();
      String text = override.substring(equals + 1);
      if (text.isBlank()) {
        problems.add(
            Problem.of(
                path,
                "is empty",
                "--set " + override,
                "give a value; --set " + path + "=null restores the default"));
        continue;
      }
      YamlReader.read(text, path, "--set", problems).ifPresent(value -> place(root, path, value));
    }
  }

  private void place(YamlNode.Mapping root, String path, YamlNode value) {
    String[] steps = path.split("\\.", -1);
    YamlNode at = root;
    for (int i = 0; i + 1 < steps.length; i++) {
      Optional<YamlNode> next = child(at, steps[i]);
      if (next.isEmpty()) {
        YamlNode created =
            INDEX.matcher(steps[i + 1]).matches()
                ? new YamlNode.Sequence(new java.util.ArrayList<>(), "--set")
                : YamlNode.Mapping.empty("--set");
        if (!put(at, steps[i], created, path)) {
          return;
        }
        next = Optional.of(created);
      }
      at = next.get();
    }
    String last = steps[steps.length - 1];
    if (value instanceof YamlNode.Scalar scalar && scalar.isEmpty()) {
      remove(at, last);
    } else {
      put(at, last, value, path);
    }
  }

  private static Optional<YamlNode> child(YamlNode parent, String step) {
    if (parent instanceof YamlNode.Mapping mapping) {
      return Optional.ofNullable(mapping.entries().get(step))
          .filter(node -> !(node instanceof YamlNode.Scalar scalar && scalar.isEmpty()));
    }
    if (parent instanceof YamlNode.Sequence sequence && INDEX.matcher(step).matches()) {
      int index = Integer.parseInt(step);
      return index < sequence.items().size()
          ? Optional.of(sequence.items().get(index))
          : Optional.empty();
    }
    return Optional.empty();
  }

  private boolean put(YamlNode parent, String step, YamlNode value, String path) {
    if (parent instanceof YamlNode.Mapping mapping && !step.isEmpty()) {
      mapping.entries().put(step, value);
      return true;
    }
    if (parent instanceof YamlNode.Sequence sequence && INDEX.matcher(step).matches()) {
      int index = Integer.parseInt(step);
      int size = sequence.items().size();
      if (index <= size) {
        if (index == size) {
          sequence.items().add(value);
        } else {
          sequence.items().set(index, value);
        }
        return true;
      }
    }
    problems.add(
        Problem.of(
            path,
            "cannot be set",
            value.shown() + ", --set",
            parent instanceof YamlNode.Sequence sequence
                ? "'" + step + "' is no index from 0 to " + sequence.items().size()
                : "'" + step + "' must stand in a mapping, not in " + parent.shown()));
    return false;
  }

  private static void remove(YamlNode parent, String step) {
    if (parent instanceof YamlNode.Mapping mapping) {
      mapping.entries().remove(step);
    } else if (parent instanceof YamlNode.Sequence sequence && child(parent, step).isPresent()) {
      sequence.items().remove(Integer.parseInt(step));
    }
  }
}
