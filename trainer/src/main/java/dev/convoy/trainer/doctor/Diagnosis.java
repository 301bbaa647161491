package dev.convoy.trainer.doctor;

import java.util.List;
import java.util.stream.Collectors;

/**
 * All that was found.
 *
 * @param findings in the order of the checks
 * @param ok whether a run would go through
 */
public record Diagnosis(List<Finding> findings, boolean ok) {

  static Diagnosis of(List<Finding> findings) {
    return new Diagnosis(
        List.copyOf(findings),
        findings.stream().noneMatch(finding -> finding.level() == Level.FAILS));
  }

  /** The findings for people, a line each, and what they come to. */
  public String text() {
    String lines =
        findings.stream().map(Finding::line).collect(Collectors.joining(System.lineSeparator()));
    return "%s%n%s".formatted(lines, ok ? "a run can start" : "a run would fail");
  }
}
