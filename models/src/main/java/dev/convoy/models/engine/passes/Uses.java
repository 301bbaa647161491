package dev.convoy.models.engine.passes;

import dev.convoy.models.engine.ir.Op;
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
  private final Map<Value, Integer> written = new HashMap<>();
  private final Map<Value, List<Integer>> reads = new HashMap<>();

  Uses(Program program) {
    this.program = program;
    for (int i = 0; i < program.operations().size(); i++) {
      int index = i;
      Operation operation = program.operations().get(i);
      operation.inputs().stream()
          .distinct()
          .forEach(v -> readers.computeIfAbsent(v, key -> new ArrayList<>()).add(operation));
      operation
          .inputs()
          .forEach(v -> reads.computeIfAbsent(stored(v), key -> new ArrayList<>()).add(index));
      operation.outputs().forEach(v -> writers.put(v, operation));
      operation.outputs().forEach(v -> written.put(v, index));
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

  /** The number of the operation that writes a value; before all of them for none. */
  int writtenAt(Value value) {
    return written.getOrDefault(value, -1);
  }

  /** The value in whose memory a value lies: itself, or what it is another shape of. */
  Value stored(Value value) {
    Value memory = value;
    while (writers.containsKey(memory) && writers.get(memory).op() instanceof Op.Reshape) {
      memory = writers.get(memory).input(0);
    }
    return memory;
  }

  /** The numbers of the operations that read a value's memory, in order, under any shape. */
  List<Integer> reads(Value value) {
    return reads.getOrDefault(stored(value), List.of());
  }

  boolean isExternal(Value value) {
    return program.externals().containsKey(value);
  }
}
