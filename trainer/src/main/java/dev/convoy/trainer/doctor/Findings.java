package dev.convoy.trainer.doctor;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes one finding of equal verdicts on many processes, the worst first. */
final class Findings {

  private final Places places;

  /**
   * For a cluster.
   *
   * @param executors how many it has
   */
  Findings(int executors) {
    this.places = new Places(executors);
  }

  private record Same(Level level, String detail, String advice, boolean everywhere) {}

  /** The findings of one check. */
  List<Finding> of(String check, List<Verdict> verdicts) {
    Map<Same, List<Place>> groups = new LinkedHashMap<>();
    for (Verdict verdict : verdicts) {
      Same same =
          new Same(verdict.level(), verdict.detail(), verdict.advice(), verdict.place().isEmpty());
      List<Place> members = groups.computeIfAbsent(same, s -> new ArrayList<>());
      verdict.place().ifPresent(members::add);
    }
    List<Finding> findings = new ArrayList<>();
    groups.forEach(
        (same, members) ->
            findings.add(
                new Finding(
                    check, same.level(), places.text(members), same.detail(), same.advice())));
    findings.sort(Comparator.comparing(Finding::level).reversed());
    return findings;
  }
}
