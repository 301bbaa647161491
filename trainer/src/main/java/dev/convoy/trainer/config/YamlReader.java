package dev.convoy.trainer.config;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;

/**
 * Reads YAML text into {@link YamlNode}s from the parser's events, so that lines are known, no
 * object is ever constructed, and what a configuration has no use for is refused: tags, anchors and
 * aliases, repeated keys, several documents, text beyond stated limits.
 */
final class YamlReader {
  static final int MAXIMUM_CHARACTERS = 1 << 20;
  static final int MAXIMUM_DEPTH = 32;
  private static final int MAXIMUM_KEY = 200;

  private final String fixedOrigin;
  private final List<Problem> problems;
  private final Iterator<Event> events;

  private YamlReader(String text, String fixedOrigin, List<Problem> problems) {
    this.fixedOrigin = fixedOrigin;
    this.problems = problems;
    Yaml yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
    this.events = yaml.parse(new StringReader(text)).iterator();
  }

  /**
   * Reads one document.
   *
   * @param name how messages call the text as a whole
   * @param fixedOrigin the origin of every node, or empty to have lines
   * @param problems receives what is wrong
   * @return the document, or empty if it is empty or cannot be read (then a problem says so)
   */
  static Optional<YamlNode> read(
      String text, String name, String fixedOrigin, List<Problem> problems) {
    if (text.length() > MAXIMUM_CHARACTERS) {
      problems.add(
          Problem.of(
              name,
              "is too long",
              text.length() + " characters",
              "at most " + MAXIMUM_CHARACTERS + " characters of YAML"));
      return Optional.empty();
    }
    try {
      return new YamlReader(text, fixedOrigin, problems).document(name);
    } catch (MarkedYAMLException e) {
      int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
      problems.add(
          Problem.of(name, "is not YAML at line " + line, "", String.valueOf(e.getProblem())));
    } catch (YAMLException e) {
      problems.add(
          Problem.of(
              name,
              "is not YAML",
              "",
              String.valueOf(e.getMessage()).lines().findFirst().orElse("")));
    }
    return Optional.empty();
  }

  private Optional<YamlNode> document(String name) {
    Optional<YamlNode> root = Optional.empty();
    while (events.hasNext()) {
      Event event = events.next();
      if (!(event instanceof NodeEvent)) {
        continue; // stream and document marks
      }
      if (root.isPresent()) {
        problems.add(
            Problem.of(name, "holds several documents", origin(event), "one YAML document"));
        return root;
      }
      root = Optional.of(node(event, "", 0));
    }
    return root;
  }

  private YamlNode node(Event event, String path, int depth) {
    if (depth > MAXIMUM_DEPTH) {
      // Thrown, not gathered: what is nested without end has no rest worth reading.
      throw new YAMLException(
          "nested deeper than " + MAXIMUM_DEPTH + " levels at " + origin(event));
    }
    if (event instanceof AliasEvent) {
      refuse(path, "is an alias", event, "write the value out; aliases are not supported");
      return new YamlNode.Scalar("", true, origin(event));
    }
    if (event instanceof NodeEvent node && node.getAnchor() != null) {
      refuse(path, "has an anchor", event, "leave the anchor out; aliases are not supported");
    }
    if (event instanceof MappingStartEvent mapping) {
      refuseTag(mapping.getTag(), path, event);
      return mapping(event, path, depth);
    }
    if (event instanceof SequenceStartEvent sequence) {
      refuseTag(sequence.getTag(), path, event);
      return sequence(event, path, depth);
    }
    ScalarEvent scalar = (ScalarEvent) event;
    refuseTag(scalar.getTag(), path, event);
    return new YamlNode.Scalar(
        scalar.getValue(), scalar.getScalarStyle() != ScalarStyle.PLAIN, origin(event));
  }

  private YamlNode mapping(Event start, String path, int depth) {
    Map<String, YamlNode> entries = new LinkedHashMap<>();
    for (Event event = events.next(); !event.is(Event.ID.MappingEnd); event = events.next()) {
      String key = key(event, path, depth);
      YamlNode value = node(events.next(), Keys.join(path, key), depth + 1);
      if (entries.putIfAbsent(key, value) != null) {
        problems.add(
            Problem.of(
                Keys.join(path, key),
                "is given twice",
                entries.get(key).origin() + " and " + origin(event),
                "give each key once"));
      }
    }
    return new YamlNode.Mapping(entries, origin(start));
  }

  private String key(Event event, String path, int depth) {
    if (node(event, path, depth + 1) instanceof YamlNode.Scalar scalar
        && !scalar.isEmpty()
        && scalar.text().length() <= MAXIMUM_KEY) {
      return scalar.text();
    }
    refuse(
        path, "has a key that is no name", event, "a name of 1 to " + MAXIMUM_KEY + " characters");
    return "?";
  }

  private YamlNode sequence(Event start, String path, int depth) {
    List<YamlNode> items = new ArrayList<>();
    for (Event event = events.next(); !event.is(Event.ID.SequenceEnd); event = events.next()) {
      items.add(node(event, Keys.join(path, String.valueOf(items.size())), depth + 1));
    }
    return new YamlNode.Sequence(items, origin(start));
  }

  private void refuseTag(String tag, String path, Event event) {
    if (tag != null && !tag.equals("!")) {
      refuse(path, "has the tag " + tag, event, "leave the tag out; the key decides the type");
    }
  }

  private void refuse(String path, String wrong, Event event, String right) {
    problems.add(Problem.of(path.isEmpty() ? "configuration" : path, wrong, origin(event), right));
  }

  private String origin(Event event) {
    if (!fixedOrigin.isEmpty() || event.getStartMark() == null) {
      return fixedOrigin;
    }
    return "line " + (event.getStartMark().getLine() + 1);
  }
}
