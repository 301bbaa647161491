package dev.convoy.models.engine.passes;

import dev.convoy.models.engine.backend.Backend;
import dev.convoy.models.engine.backend.OperandTypes;
import dev.convoy.models.engine.ir.ElementType;
import dev.convoy.models.engine.ir.Layout;
import dev.convoy.models.engine.ir.Op;
import dev.convoy.models.engine.ir.Operation;
import dev.convoy.models.engine.ir.Program;
import dev.convoy.models.engine.ir.TensorType;
import dev.convoy.models.engine.ir.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Gives every value of a forward pass its elements and its layout, and writes a reorder wherever an
 * operation wants another type than its operand has. Kernels become values in the activations'
 * precision and in a layout of the backend's choice, one for each operation that reads them.
 */
public final class AssignTypes implements Pass {
  private final Backend backend;
  private final ElementType element;

  /**
   * @param element of activations and of the kernels that they meet
   */
  public AssignTypes(Backend backend, ElementType element) {
    this.backend = backend;
    this.element = element;
  }

  @Override
  public Program apply(Program program) {
    TypeRules rules = new TypeRules(backend, element, new Uses(program));
    Rewriter rewriter = new Rewriter(program);
    Map<Map.Entry<Value, TensorType>, Value> converted = new HashMap<>();
    for (Operation operation : program.operations()) {
      OperandTypes wanted = rules.of(operation, rewriter.current(operation.inputs()));
      List<Value> inputs = new ArrayList<>();
      for (int i = 0; i < operation.inputs().size(); i++) {
        Value input = rewriter.current(operation.input(i));
        inputs.add(convert(input, wanted.inputs().get(i), rewriter, converted));
      }
      write(operation, inputs, wanted.outputs(), program, rewriter);
    }
    return rewriter.build();
  }

  private static Value convert(
      Value value,
      TensorType type,
      Rewriter rewriter,
      Map<Map.Entry<Value, TensorType>, Value> converted) {
    if (value.type().equals(type)) {
      return value;
    }
    if (isOpen(type)) {
      // The one operation that reads it will choose.
      return reorder(value, type, rewriter);
    }
    return converted.computeIfAbsent(Map.entry(value, type), key -> reorder(value, type, rewriter));
  }

  private static Value reorder(Value value, TensorType type, Rewriter rewriter) {
    Value output = rewriter.fresh(value.name(), type);
    rewriter.add(new Op.Reorder(), List.of(value), List.of(output));
    return output;
  }

  private static boolean isOpen(TensorType type) {
    return type.layout() == Layout.ANY;
  }

  private static void write(
      Operation operation,
      List<Value> inputs,
      List<TensorType> types,
      Program program,
      Rewriter rewriter) {
    List<Value> outputs = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      Value old = operation.output(i);
      Value output =
          old.type().equals(types.get(i)) ? old : rewriter.fresh(old.name(), types.get(i));
      rewriter.replace(old, output);
      outputs.add(output);
    }
    rewriter.add(operation.op(), inputs, outputs);
    for (int i = 0; i < types.size(); i++) {
      Value old = operation.output(i);
      if (program.externals().containsKey(old) && !outputs.get(i).equals(old)) {
        rewriter.add(new Op.Reorder(), List.of(outputs.get(i)), List.of(old));
      }
    }
  }
}
