package dev.convoy.models.engine.memory;

import dev.convoy.models.engine.ir.Operation;
import dev.convoy.models.engine.ir.Program;
import dev.convoy.models.engine.ir.Value;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** From which operation to which the values of a program are needed. External values have none. */
final class Lifetimes {
  /** The first operation writes the value, the last one reads it. */
  record Span(int first, int last) {
    boolean overlaps(Span other) {
      return first <= other.last && other.first <= last;
    }

    Span joined(Span other) {
      return new Span(Math.min(first, other.first), Math.max(last, other.last));
    }
  }

  private Lifetimes() {}

  /** In the order in which the values are written. */
  static Map<Value, Span> of(Program program) {
    Map<Value, Span> spans = new LinkedHashMap<>();
    Set<Value> external = program.externals().keySet();
    for (int i = 0; i < program.operations().size(); i++) {
      Operation operation = program.operations().get(i);
      for (Value input : operation.inputs()) {
        if (!external.contains(input)) {
          spans.put(input, new Span(spans.get(input).first(), i));
        }
      }
      for (Value output : operation.outputs()) {
        if (!external.contains(output)) {
          spans.put(output, new Span(i, i));
        }
      }
    }
    return spans;
  }
}
