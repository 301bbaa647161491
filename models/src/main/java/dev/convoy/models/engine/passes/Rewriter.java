package dev.convoy.models.engine.passes;

import dev.convoy.models.engine.ir.Op;
import dev.convoy.models.engine.ir.Operation;
import dev.convoy.models.engine.ir.Program;
import dev.convoy.models.engine.ir.ProgramBuilder;
import dev.convoy.models.engine.ir.TensorType;
import dev.convoy.models.engine.ir.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Writes a program anew from an old one, in the old one's order, under changed values. */
final class Rewriter {
  private final ProgramBuilder builder;
  private final Map<Value, Value> current = new HashMap<>();

  Rewriter(Program program) {
    this.builder = ProgramBuilder.continuing(program);
  }

  /** What now stands for a value of the old program. */
  Value current(Value old) {
    return current.getOrDefault(old, old);
  }

  List<Value> current(List<Value> old) {
    return old.stream().map(this::current).toList();
  }

  void replace(Value old, Value by) {
    current.put(old, by);
  }

  Value fresh(String name, TensorType type) {
    return builder.value(name, type);
  }

  /** Writes an operation whose operands are those of the new program. */
  void add(Op op, List<Value> inputs, List<Value> outputs) {
    builder.add(op, inputs, outputs);
  }

  /** Writes an operation of the old program under the values that now stand for its own. */
  void keep(Operation operation) {
    builder.add(operation.op(), current(operation.inputs()), current(operation.outputs()));
  }

  Program build() {
    return builder.build();
  }
}
