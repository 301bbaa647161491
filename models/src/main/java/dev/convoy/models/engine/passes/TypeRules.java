package dev.convoy.models.engine.passes;

import dev.convoy.models.engine.backend.Backend;
import dev.convoy.models.engine.backend.OperandTypes;
import dev.convoy.models.engine.ir.ElementType;
import dev.convoy.models.engine.ir.Layout;
import dev.convoy.models.engine.ir.Op;
import dev.convoy.models.engine.ir.Operation;
import dev.convoy.models.engine.ir.TensorType;
import dev.convoy.models.engine.ir.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Which types the operands of a forward operation should have. */
final class TypeRules {
  private final Backend backend;
  private final ElementType element;
  private final Uses uses;

  TypeRules(Backend backend, ElementType element, Uses uses) {
    this.backend = backend;
    this.element = element;
    this.uses = uses;
  }

  /**
   * The types of an operation's operands.
   *
   * @param inputs its inputs with the types that they were given
   */
  OperandTypes of(Operation operation, List<Value> inputs) {
    Op op = operation.op();
    if (op instanceof Op.Convolution || op instanceof Op.Dense) {
      return weighted(operation, inputs);
    }
    if (op instanceof Op.BatchNorm || op instanceof Op.FixedBatchNorm) {
      return firstOperands(operation, inputs.get(0));
    }
    if (op instanceof Op.Concat || op instanceof Op.Slice || op instanceof Op.Pad) {
      return moving(operation);
    }
    if (op instanceof Op.Lrn) {
      return responseNorm(operation, inputs.get(0));
    }
    if (op instanceof Op.Pool
        || op instanceof Op.Activate
        || op instanceof Op.Add
        || op instanceof Op.Multiply) {
      return all(operation, value -> like(inputs.get(0), value));
    }
    if (op instanceof Op.Reshape || op instanceof Op.DropoutMask) {
      return all(operation, this::plain);
    }
    if (op instanceof Op.NormalizeImages) {
      return new OperandTypes(types(operation.inputs()), List.of(plain(operation.output(0))));
    }
    // Losses and what is computed from parameters alone stay as they were written.
    return new OperandTypes(types(operation.inputs()), types(operation.outputs()));
  }

  private OperandTypes weighted(Operation operation, List<Value> given) {
    List<TensorType> inputs = new ArrayList<>(types(operation.inputs()));
    boolean dense = operation.op() instanceof Op.Dense;
    TensorType x = dense ? like(given.get(0), operation.input(0)) : activation(operation.input(0));
    TensorType y = activation(operation.output(0));
    if (operation.op() instanceof Op.Convolution && !backend.convolves(x.layout(), y.layout())) {
      x = x.with(Layout.CHANNELS_LAST);
      y = y.with(Layout.CHANNELS_LAST);
    }
    inputs.set(0, x);
    inputs.set(1, new TensorType(element, operation.input(1).shape(), Layout.ANY));
    Value result = operation.output(0);
    TensorType output = isLogits(result) ? TensorType.plain(result.shape()) : y;
    return new OperandTypes(inputs, List.of(output));
  }

  /** What the loss is computed from keeps float32. */
  private boolean isLogits(Value value) {
    List<Operation> readers = uses.readers(value);
    return !readers.isEmpty()
        && value.shape().rank() == 2
        && readers.stream()
            .allMatch(
                reader ->
                    reader.op() instanceof Op.Softmax
                        || reader.op() instanceof Op.SoftmaxCrossEntropy);
  }

  /** x and y are activations, the rest are float32 vectors. */
  private OperandTypes firstOperands(Operation operation, Value given) {
    List<TensorType> inputs = new ArrayList<>(types(operation.inputs()));
    List<TensorType> outputs = new ArrayList<>(types(operation.outputs()));
    inputs.set(0, like(given, operation.input(0)));
    outputs.set(0, like(given, operation.output(0)));
    return new OperandTypes(inputs, outputs);
  }

  /** In the activations' layouts if the backend can, otherwise row-major. */
  private OperandTypes moving(Operation operation) {
    OperandTypes wanted = all(operation, this::activation);
    Operation candidate =
        new Operation(
            operation.op(),
            values(operation.inputs(), wanted.inputs()),
            values(operation.outputs(), wanted.outputs()));
    return backend.supports(candidate) ? wanted : all(operation, this::plain);
  }

  /** Like its input if the backend can train with that, otherwise row-major. */
  private OperandTypes responseNorm(Operation operation, Value given) {
    OperandTypes wanted = all(operation, value -> like(given, value));
    Value y = operation.output(0);
    TensorType workspace = new TensorType(ElementType.UINT8, y.shape(), Layout.ANY);
    Operation training =
        new Operation(
            operation.op(),
            values(operation.inputs(), wanted.inputs()),
            List.of(
                new Value(y.id(), y.name(), wanted.outputs().get(0)),
                new Value(y.id(), y.name(), workspace)));
    return backend.supports(training) ? wanted : all(operation, this::plain);
  }

  private static List<Value> values(List<Value> values, List<TensorType> types) {
    return IntStream.range(0, values.size())
        .mapToObj(i -> new Value(values.get(i).id(), values.get(i).name(), types.get(i)))
        .toList();
  }

  private static OperandTypes all(Operation operation, Function<Value, TensorType> type) {
    return new OperandTypes(
        operation.inputs().stream().map(type).toList(),
        operation.outputs().stream().map(type).toList());
  }

  /** An image stays in the layout that it has, where that is one of the activations'. */
  private TensorType like(Value given, Value value) {
    Layout layout = given.type().layout();
    boolean kept =
        value.shape().rank() == 4
            && given.type().element() == element
            && (layout == Layout.CHANNELS_LAST || layout == Layout.CHANNELS_BLOCKED);
    return kept ? plain(value).with(layout) : activation(value);
  }

  private TensorType activation(Value value) {
    TensorType plain = plain(value);
    return value.shape().rank() == 4 ? plain.with(backend.activationLayout(plain)) : plain;
  }

  private TensorType plain(Value value) {
    return new TensorType(element, value.shape(), Layout.PLAIN);
  }

  private static List<TensorType> types(List<Value> values) {
    return values.stream().map(Value::type).toList();
  }
}
