package dev.convoy.models.engine.ir;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes a program line by line. Not for several threads. */
public final class ProgramBuilder {
  private final List<Operation> operations = new ArrayList<>();
  private final Map<Value, External> externals = new LinkedHashMap<>();
  private int next;

  /** A builder whose values are none of a program's, and which knows the program's externals. */
  public static ProgramBuilder continuing(Program program) {
    ProgramBuilder builder = new ProgramBuilder();
    builder.externals.putAll(program.externals());
    for (Value external : program.externals().keySet()) {
      builder.next = Math.max(builder.next, external.id() + 1);
    }
    for (Operation operation : program.operations()) {
      for (Value output : operation.outputs()) {
        builder.next = Math.max(builder.next, output.id() + 1);
      }
    }
    return builder;
  }

  /** A value without a place yet: an output to be. */
  public Value value(String name, TensorType type) {
    return new Value(next++, name, type);
  }

  /** A value in memory outside the plan. */
  public Value external(String name, TensorType type, External place) {
    Value value = value(name, type);
    externals.put(value, place);
    return value;
  }

  /** Adds an operation whose outputs were made by this builder. */
  public void add(Op op, List<Value> inputs, List<Value> outputs) {
    operations.add(new Operation(op, inputs, outputs));
  }

  /** Adds an operation with one output and returns that. */
  public Value apply(Op op, String name, TensorType type, Value... inputs) {
    Value output = value(name, type);
    add(op, List.of(inputs), List.of(output));
    return output;
  }

  /** What was written so far. */
  public Program build() {
    return new Program(operations, externals);
  }
}
