package dev.convoy.models.engine.ir;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** One line of a program. */
public record Operation(Op op, List<Value> inputs, List<Value> outputs) {
  public Operation {
    Objects.requireNonNull(op);
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  public Value input(int index) {
    return inputs.get(index);
  }

  public Value output(int index) {
    return outputs.get(index);
  }

  @Override
  public String toString() {
    return names(outputs) + " = " + op + " " + names(inputs);
  }

  private static String names(List<Value> values) {
    return values.stream().map(Value::toString).collect(Collectors.joining(", "));
  }
}
