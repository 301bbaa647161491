package dev.convoy.trainer.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Loads configurations. Nothing of the environment enters: a configuration is its text alone. */
public final class Configurations {
  private Configurations() {}

  /** As {@link #load(String, List)} without overrides. */
  public static ConvoyConfig load(String yaml) {
    return load(yaml, List.of());
  }

  /**
   * Reads a configuration.
   *
   * @param yaml one YAML document; no tags, anchors or aliases; at most 1 Mi characters
   * @param overrides {@code a.b.c=value} each, applied in order; the value is YAML, a list item is
   *     named by its index, {@code null} restores a key's default
   * @throws ConfigurationException with everything that is wrong
   */
  public static ConvoyConfig load(String yaml, List<String> overrides) {
    List<Problem> problems = new ArrayList<>();
    Optional<YamlNode> document = YamlReader.read(yaml, "configuration", "", problems);
    if (document.isEmpty() && !problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
    YamlNode root = document.orElseGet(() -> YamlNode.Mapping.empty(""));
    if (root instanceof YamlNode.Scalar scalar && scalar.isEmpty()) {
      root = YamlNode.Mapping.empty("");
    }
    if (!(root instanceof YamlNode.Mapping mapping)) {
      problems.add(
          Problem.of("configuration", "is no mapping", root.shown(), "lines such as 'epochs: 10'"));
      throw new ConfigurationException(problems);
    }
    new Overrides(problems).apply(mapping, overrides);
    Record config =
        new Binder(ConvoyConfig.class, problems).bind(Section.of(ConvoyConfig.class), mapping, "");
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
    return (ConvoyConfig) config;
  }

  /**
   * Returns a Markdown table of every key: type, default, whether it belongs to the experiment (E:
   * changing it refuses resume) or to the operation (O), and meaning.
   */
  public static String reference() {
    return Reference.of(ConvoyConfig.class);
  }
}
