package dev.convoy.models.engine.ir;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Operations in an order in which each can run: what it reads is external or was written before.
 *
 * @param externals the values that lie in memory outside the plan; those that no operation writes
 *     are the inputs
 */
public record Program(List<Operation> operations, Map<Value, External> externals) {
  public Program {
    operations = List.copyOf(operations);
    externals = Map.copyOf(externals);
    checkOrder(operations, externals.keySet());
  }

  private static void checkOrder(List<Operation> operations, Set<Value> externals) {
    Set<Value> written = new HashSet<>();
    for (Operation operation : operations) {
      for (Value input : operation.inputs()) {
        if (!written.contains(input) && !externals.contains(input)) {
          throw new IllegalArgumentException(input + " is read before it is written: " + operation);
        }
      }
      for (Value output : operation.outputs()) {
        if (!written.add(output)) {
          throw new IllegalArgumentException(output + " is written twice: " + operation);
        }
      }
    }
  }

  /** The program as text, one operation a line. */
  public String listing() {
    return operations.stream().map(Operation::toString).collect(Collectors.joining("\n"));
  }
}
