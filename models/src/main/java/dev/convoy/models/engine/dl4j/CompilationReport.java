package dev.convoy.models.engine.dl4j;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Which vertices can run on a plan.
 *
 * @param rows the vertices in topological order
 * @param refusals everything that stands against compiling; the whole graph runs on stock layers if
 *     there is one
 */
public record CompilationReport(List<Row> rows, List<Refusal> refusals) {
  public CompilationReport {
    rows = List.copyOf(rows);
    refusals = List.copyOf(refusals);
  }

  /**
   * A vertex and its configuration's class.
   *
   * @param frozen whether its parameters stay as they are
   */
  public record Row(String vertex, String kind, boolean frozen) {}

  /** Whether the whole graph can be compiled. */
  public boolean supported() {
    return refusals.isEmpty();
  }

  /** With one thing more that stands against compiling. */
  CompilationReport with(Refusal refusal) {
    List<Refusal> all = new ArrayList<>(refusals);
    all.add(refusal);
    return new CompilationReport(rows, all);
  }

  /** One line a vertex: name, kind, and {@code plan} or what stands against it. */
  public String table() {
    int names = width(rows.stream().map(Row::vertex).toList());
    int kinds = width(rows.stream().map(Row::kind).toList());
    StringBuilder table = new StringBuilder();
    for (Row row : rows) {
      String kind = row.kind();
      table.append(String.format("%-" + names + "s  %-" + kinds + "s  ", row.vertex(), kind));
      table.append(placement(row)).append(row.frozen() ? ", frozen" : "").append('\n');
    }
    of(Refusal.GRAPH).forEach(reason -> table.append(reason).append('\n'));
    return table.toString();
  }

  private String placement(Row row) {
    List<String> reasons = of(row.vertex());
    return reasons.isEmpty() ? "plan" : String.join("; ", reasons);
  }

  private List<String> of(String vertex) {
    return refusals.stream()
        .filter(refusal -> refusal.vertex().equals(vertex))
        .map(Refusal::reason)
        .collect(Collectors.toList());
  }

  private static int width(List<String> cells) {
    return cells.stream().mapToInt(String::length).max().orElse(1);
  }

  @Override
  public String toString() {
    return table();
  }
}
