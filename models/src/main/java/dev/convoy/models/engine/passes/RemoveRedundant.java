package dev.convoy.models.engine.passes;

import dev.convoy.models.engine.ir.Op;
import dev.convoy.models.engine.ir.Operation;
import dev.convoy.models.engine.ir.Program;
import dev.convoy.models.engine.ir.TensorType;
import dev.convoy.models.engine.ir.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Removes reorders that change nothing or were written before, and operations whose results nobody
 * reads.
 */
public final class RemoveRedundant implements Pass {
  @Override
  public Program apply(Program program) {
    return withoutUnread(withoutReorders(program));
  }

  private static Program withoutReorders(Program program) {
    Uses uses = new Uses(program);
    Map<Value, Value> renamed = new HashMap<>();
    Map<Map.Entry<Value, TensorType>, Value> written = new HashMap<>();
    List<Operation> kept = new ArrayList<>();
    for (Operation operation : program.operations()) {
      Operation now = renamed(operation, renamed);
      if (!(now.op() instanceof Op.Reorder) || !removed(now, uses, renamed, written)) {
        kept.add(now);
      }
    }
    // An output that is written in its final place at once is renamed after its writer was kept.
    List<Operation> operations = kept.stream().map(o -> renamed(o, renamed)).toList();
    return new Program(operations, program.externals());
  }

  private static boolean removed(
      Operation reorder,
      Uses uses,
      Map<Value, Value> renamed,
      Map<Map.Entry<Value, TensorType>, Value> written) {
    Value from = reorder.input(0);
    Value to = reorder.output(0);
    if (from.type().equals(to.type())) {
      if (!uses.isExternal(to)) {
        renamed.put(to, from);
        return true;
      }
      if (!uses.isExternal(from) && !isReshaped(from, uses)) {
        renamed.put(from, to);
        return true;
      }
      return false;
    }
    if (uses.isExternal(to)) {
      return false;
    }
    Value before = written.putIfAbsent(Map.entry(from, to.type()), to);
    if (before != null) {
      renamed.put(to, before);
    }
    return before != null;
  }

  /** A reshaped value lies where its operand lies and cannot lie elsewhere. */
  private static boolean isReshaped(Value value, Uses uses) {
    return uses.writer(value).filter(o -> o.op() instanceof Op.Reshape).isPresent();
  }

  private static Operation renamed(Operation operation, Map<Value, Value> names) {
    return new Operation(
        operation.op(),
        operation.inputs().stream().map(v -> name(v, names)).toList(),
        operation.outputs().stream().map(v -> name(v, names)).toList());
  }

  private static Value name(Value value, Map<Value, Value> names) {
    Value name = value;
    while (names.containsKey(name)) {
      name = names.get(name);
    }
    return name;
  }

  private static Program withoutUnread(Program program) {
    Set<Value> read = new HashSet<>(program.externals().keySet());
    List<Operation> kept = new ArrayList<>();
    for (int i = program.operations().size() - 1; i >= 0; i--) {
      Operation operation = program.operations().get(i);
      if (operation.outputs().stream().anyMatch(read::contains)) {
        read.addAll(operation.inputs());
        kept.add(operation);
      }
    }
    Collections.reverse(kept);
    return new Program(kept, program.externals());
  }
}
