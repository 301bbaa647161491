package dev.convoy.trainer.config;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The configuration that a person gave is wrong (exit code 2). It holds every problem that was
 * found, one line each: {@code path: what is wrong (given ...); what would be right}.
 */
public final class ConfigurationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<Problem> found;
  private final List<String> problems;

  ConfigurationException(List<Problem> found) {
    super(found.stream().map(Problem::line).collect(Collectors.joining("\n")));
    this.found = List.copyOf(found);
    this.problems = found.stream().map(Problem::line).toList();
  }

  /** Returns one line for each problem, in the order of the configuration. */
  public List<String> problems() {
    return problems;
  }

  List<Problem> found() {
    return found;
  }
}
