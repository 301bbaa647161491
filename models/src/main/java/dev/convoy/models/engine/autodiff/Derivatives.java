package dev.convoy.models.engine.autodiff;

import dev.convoy.models.engine.ir.Activation;
import dev.convoy.models.engine.ir.ElementType;
import dev.convoy.models.engine.ir.Layout;
import dev.convoy.models.engine.ir.Op;
import dev.convoy.models.engine.ir.Operation;
import dev.convoy.models.engine.ir.TensorType;
import dev.convoy.models.engine.ir.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The derivative of every operation that has one. */
final class Derivatives {
  private static final Map<Class<? extends Op>, Derivative<?>> TABLE = new HashMap<>();

  static {
    rule(Op.Reorder.class, (op, of, dy, into) -> reorder(of, dy, into));
    rule(Op.Reshape.class, (op, of, dy, into) -> into.unary(of, new Op.Reshape(), dy));
    rule(Op.Slice.class, (op, of, dy, into) -> into.unary(of, new Op.Pad(op.from()), dy));
    rule(Op.Pad.class, (op, of, dy, into) -> into.unary(of, new Op.Slice(op.before()), dy));
    rule(Op.Concat.class, Derivatives::concat);
    rule(
        Op.ExpandGroups.class,
        (op, of, dy, into) -> into.unary(of, new Op.CollapseGroups(op.groups(), op.merged()), dy));
    rule(Op.Convolution.class, Derivatives::convolution);
    rule(Op.Dense.class, Derivatives::dense);
    rule(Op.BatchNorm.class, Derivatives::batchNorm);
    rule(Op.FixedBatchNorm.class, Derivatives::fixedBatchNorm);
    rule(
        Op.Activate.class,
        (op, of, dy, into) ->
            into.accumulate(of.input(0), activation(of, op.activation(), dy, into)));
    rule(Op.Pool.class, Derivatives::pool);
    rule(Op.Lrn.class, Derivatives::lrn);
    rule(Op.Add.class, Derivatives::add);
    rule(Op.Multiply.class, Derivatives::multiply);
  }

  private Derivatives() {}

  private static <T extends Op> void rule(Class<T> kind, Derivative<T> derivative) {
    TABLE.put(kind, derivative);
  }

  /**
   * Writes the backward operations of one operation.
   *
   * @throws IllegalArgumentException if it has no derivative
   */
  static void write(Operation operation, Value dy, Differentiation into) {
    Derivative<?> derivative = TABLE.get(operation.op().getClass());
    if (derivative == null) {
      throw new IllegalArgumentException("there is no derivative of " + operation.op());
    }
    write(derivative, operation, dy, into);
  }

  @SuppressWarnings("unchecked") // rule() puts each under the class of its own operations
  private static <T extends Op> void write(
      Derivative<T> derivative, Operation operation, Value dy, Differentiation into) {
    derivative.write((T) operation.op(), operation, dy, into);
  }

  private static void reorder(Operation of, Value dy, Differentiation into) {
    Value x = of.input(0);
    if (into.isNeeded(x)) {
      into.accumulate(x, into.converted(dy, x.type(), x));
    }
  }

  private static void concat(Op.Concat op, Operation of, Value dy, Differentiation into) {
    int from = 0;
    for (Value x : of.inputs()) {
      if (into.isNeeded(x)) {
        List<Integer> corner = new ArrayList<>();
        for (int i = 0; i < x.shape().rank(); i++) {
          corner.add(i == op.axis() ? from : 0);
        }
        into.accumulate(x, into.apply(new Op.Slice(corner), x, x.type(), dy));
      }
      from += x.shape().get(op.axis());
    }
  }

  private static void convolution(Op.Convolution op, Operation of, Value g, Differentiation into) {
    if (op.addend() == Op.Addend.PRESENT) {
      throw new IllegalArgumentException("an addend is for inference: " + of);
    }
    Value x = of.input(0);
    Value w = of.input(1);
    Value dy = activation(of, op.activation(), g, into);
    if (into.isNeeded(w)) {
      kernel(of, new Op.ConvolutionBackwardWeights(op.window(), op.groups(), op.bias()), dy, into);
    }
    if (into.isNeeded(x)) {
      Op backward = new Op.ConvolutionBackwardData(op.window(), op.groups(), Op.Addend.ABSENT);
      into.accumulate(x, into.apply(backward, x, x.type(), dy, into.again(w)));
    }
  }

  private static void dense(Op.Dense op, Operation of, Value g, Differentiation into) {
    Value x = of.input(0);
    Value w = of.input(1);
    Value wide = activation(of, op.activation(), g, into);
    // Logits are float32 even where x is not; the backward operations want one type.
    TensorType type = wide.type().with(x.type().element());
    Value dy = into.converted(wide, type, of.output(0));
    if (into.isNeeded(w)) {
      kernel(of, new Op.DenseBackwardWeights(op.bias()), dy, into);
    }
    if (into.isNeeded(x)) {
      into.accumulate(x, into.apply(new Op.DenseBackwardData(), x, x.type(), dy, into.again(w)));
    }
  }

  /** The gradients of a kernel, in whatever layout the backend likes, and of a bias. */
  private static void kernel(Operation of, Op backward, Value dy, Differentiation into) {
    Value w = of.input(1);
    TensorType type = new TensorType(ElementType.FLOAT32, w.shape(), Layout.ANY);
    List<Value> outputs = new ArrayList<>(List.of(into.gradientOf(w, type)));
    boolean biased = of.inputs().size() > 2;
    if (biased) {
      outputs.add(into.gradientOf(of.input(2), of.input(2).type()));
    }
    into.add(backward, List.of(of.input(0), dy), outputs);
    into.accumulate(w, outputs.get(0));
    if (biased && into.isNeeded(of.input(2))) {
      into.accumulate(of.input(2), outputs.get(1));
    }
  }

  private static void batchNorm(Op.BatchNorm op, Operation of, Value dy, Differentiation into) {
    Value x = of.input(0);
    Value gamma = of.input(1);
    Value beta = of.input(2);
    List<Value> inputs = new ArrayList<>(List.of(x, of.output(1), of.output(2), gamma, dy));
    if (!op.activation().isIdentity()) {
      inputs.add(of.output(3));
    }
    List<Value> wanted = List.of(x, gamma, beta);
    List<Value> outputs = wanted.stream().map(v -> into.gradientOf(v, v.type())).toList();
    into.add(new Op.BatchNormBackward(op.epsilon(), op.activation()), inputs, outputs);
    for (int i = 0; i < wanted.size(); i++) {
      if (into.isNeeded(wanted.get(i))) {
        into.accumulate(wanted.get(i), outputs.get(i));
      }
    }
  }

  private static void fixedBatchNorm(
      Op.FixedBatchNorm op, Operation of, Value g, Differentiation into) {
    Value gamma = of.input(1);
    if (into.isNeeded(gamma) || into.isNeeded(of.input(2))) {
      throw new IllegalArgumentException(
          "scale and shift of a batch norm with fixed statistics are not trained: " + of);
    }
    Value dy = activation(of, op.activation(), g, into);
    into.unary(of, new Op.FixedBatchNormBackward(op.epsilon()), dy, gamma, of.input(4));
  }

  private static void pool(Op.Pool op, Operation of, Value dy, Differentiation into) {
    Op backward = new Op.PoolBackward(op.window(), op.kind());
    if (op.kind() == Op.PoolKind.MAX) {
      into.unary(of, backward, dy, of.output(1));
    } else {
      into.unary(of, backward, dy);
    }
  }

  private static void lrn(Op.Lrn op, Operation of, Value dy, Differentiation into) {
    Op backward = new Op.LrnBackward(op.size(), op.alpha(), op.beta(), op.k());
    into.unary(of, backward, of.input(0), dy, of.output(1));
  }

  private static void add(Op.Add op, Operation of, Value g, Differentiation into) {
    Value dy = activation(of, op.activation(), g, into);
    // One value for both summands: nothing is copied.
    of.inputs().stream().filter(into::isNeeded).forEach(x -> into.accumulate(x, dy));
  }

  private static void multiply(Op.Multiply op, Operation of, Value dy, Differentiation into) {
    Value a = of.input(0);
    Value b = of.input(1);
    if (into.isNeeded(a)) {
      into.accumulate(a, into.apply(op, a, a.type(), dy, b));
    }
    if (into.isNeeded(b)) {
      into.accumulate(b, into.apply(op, b, b.type(), dy, a));
    }
  }

  /** The gradient before an operation's activation. */
  private static Value activation(
      Operation of, Activation activation, Value dy, Differentiation into) {
    if (activation.isIdentity()) {
      return dy;
    }
    Value y = of.output(0);
    boolean fromOutput = activation.backwardFrom() == Activation.BackwardFrom.OUTPUT;
    return into.apply(
        new Op.ActivateBackward(activation), y, y.type(), fromOutput ? y : of.input(0), dy);
  }
}
