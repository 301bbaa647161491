package dev.convoy.models.engine.passes;

import dev.convoy.models.engine.ir.Operation;
import dev.convoy.models.engine.ir.Program;
import dev.convoy.models.engine.ir.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who writes and who reads each value of a program. */
final class Uses {
  private final Program program;
  private final Map<Value, List<Operation>> readers = new HashMap<>();
  private final Map<Value, Operation> writers = new HashMap<>();

  Uses(Program program) {
    this.program = program;
    for (Operation operation : program.operations()) {
      operation.inputs().stream()
          .distinct()
          .forEach(v -> readers.computeIfAbsent(v, key -> new ArrayList<>()).add(operation));
      operation.outputs().forEach(v -> writers.put(v, operation));
    }
  }

  /** In the program's order. */
  List<Operation> readers(Value value) {
    return readers.getOrDefault(value, List.of());
  }

  /** The one operation that reads a value of the plan's own. */
  Optional<Operation> onlyReader(Value value) {
    List<Operation> all = readers(value);
    return all.size() == 1 && !isExternal(value) ? Optional.of(all.get(0)) : Optional.empty();
  }

  Optional<Operation> writer(Value value) {
    return Optional.ofNullable(writers.get(value));
  }

  boolean isExternal(Value value) {
    return program.externals().containsKey(value);
  }
}
