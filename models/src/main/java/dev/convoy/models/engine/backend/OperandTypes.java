package dev.convoy.models.engine.backend;

import dev.convoy.models.engine.ir.TensorType;
import java.util.List;

/** The types of an operation's operands, in its order. */
public record OperandTypes(List<TensorType> inputs, List<TensorType> outputs) {
  public OperandTypes {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }
}
