package dev.convoy.models.engine.passes;

import dev.convoy.models.engine.backend.Backend;
import dev.convoy.models.engine.backend.OperandTypes;
import dev.convoy.models.engine.ir.External;
import dev.convoy.models.engine.ir.Layout;
import dev.convoy.models.engine.ir.Op;
import dev.convoy.models.engine.ir.Operation;
import dev.convoy.models.engine.ir.Program;
import dev.convoy.models.engine.ir.TensorType;
import dev.convoy.models.engine.ir.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Lets the backend choose every layout that is still open. */
public final class ResolveLayouts implements Pass {
  private final Backend backend;

  public ResolveLayouts(Backend backend) {
    this.backend = backend;
  }

  @Override
  public Program apply(Program program) {
    Map<Value, Value> chosen = new HashMap<>();
    for (Operation operation : program.operations()) {
      // A reorder brings about what its reader chooses.
      if (!(operation.op() instanceof Op.Reorder)) {
        choose(substituted(operation, chosen), chosen);
      }
    }
    List<Operation> operations =
        program.operations().stream().map(o -> substituted(o, chosen)).toList();
    Map<Value, External> externals = program.externals();
    return new Program(operations, externals);
  }

  private void choose(Operation operation, Map<Value, Value> chosen) {
    if (Stream.concat(operation.inputs().stream(), operation.outputs().stream())
        .noneMatch(ResolveLayouts::isOpen)) {
      return;
    }
    OperandTypes types = backend.resolve(operation);
    choose(operation.inputs(), types.inputs(), chosen);
    choose(operation.outputs(), types.outputs(), chosen);
  }

  private static void choose(List<Value> values, List<TensorType> types, Map<Value, Value> chosen) {
    for (int i = 0; i < values.size(); i++) {
      Value value = values.get(i);
      if (isOpen(value)) {
        chosen.put(value, new Value(value.id(), value.name(), types.get(i)));
      }
    }
  }

  private static boolean isOpen(Value value) {
    return value.type().layout() == Layout.ANY;
  }

  private static Operation substituted(Operation operation, Map<Value, Value> chosen) {
    return new Operation(
        operation.op(),
        operation.inputs().stream().map(v -> chosen.getOrDefault(v, v)).toList(),
        operation.outputs().stream().map(v -> chosen.getOrDefault(v, v)).toList());
  }
}
