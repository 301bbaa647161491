package dev.convoy.models.engine.dl4j;

import dev.convoy.models.engine.ir.TensorType;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Which vertices can run on a plan.
 *
 * @param rows the vertices in topological order
 * @param refusals everything that stands against compiling; the whole graph runs on stock layers if
 *     there is one
 * @param refusedInputs inputs, one example of each, that came and did not compile all the same,
 *     with what stands against it
 */
public record CompilationReport(
    List<Row> rows, List<Refusal> refusals, Map<List<TensorType>, List<Refusal>> refusedInputs) {
  public CompilationReport {
    rows = List.copyOf(rows);
    refusals = List.copyOf(refusals);
    refusedInputs = Collections.unmodifiableMap(new LinkedHashMap<>(refusedInputs));
  }

  /** For any inputs. */
  public CompilationReport(List<Row> rows, List<Refusal> refusals) {
    this(rows, refusals, Map.of());
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

  /**
   * One line a vertex: name, kind, and {@code plan}, {@code stock layers}, or why these; then what
   * is refused as a whole.
   */
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
    refusedInputs.forEach(
        (inputs, reasons) ->
            reasons.forEach(
                reason ->
                    table
                        .append("inputs ")
                        .append(inputs)
                        .append(" do not compile: ")
                        .append(reason)
                        .append('\n')));
    return table.toString();
  }

  private String placement(Row row) {
    List<String> reasons = of(row.vertex());
    if (reasons.isEmpty()) {
      return supported() ? "plan" : "stock layers";
    }
    return String.join("; ", reasons);
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
