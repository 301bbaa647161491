package dev.convoy.models.engine.autodiff;

import dev.convoy.models.engine.ir.Activation;
import dev.convoy.models.engine.ir.ElementType;
import dev.convoy.models.engine.ir.External;
import dev.convoy.models.engine.ir.External.Buffer;
import dev.convoy.models.engine.ir.Layout;
import dev.convoy.models.engine.ir.Op;
import dev.convoy.models.engine.ir.Operation;
import dev.convoy.models.engine.ir.Program;
import dev.convoy.models.engine.ir.ProgramBuilder;
import dev.convoy.models.engine.ir.TensorType;
import dev.convoy.models.engine.ir.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reverse-mode differentiation on the intermediate form: a forward pass whose types are assigned
 * becomes a program that also writes the gradient of every trainable parameter, as a sum over the
 * batch, to its place in GRADIENT.
 *
 * <p>A value's gradient has the value's type. Where several operations read a value its gradients
 * are added by operations of their own, in reverse order of the readers. Nothing is written for
 * what no trainable parameter stands behind: a frozen prefix has no backward pass.
 */
public final class Differentiation {
  private final ProgramBuilder builder;
  private final Map<Value, External> externals;
  private final Map<Value, Operation> producers = new HashMap<>();
  private final Map<Value, Value> gradients = new HashMap<>();
  private final Set<Value> needed;

  private Differentiation(Program forward, Set<Value> trainable) {
    this.builder = ProgramBuilder.continuing(forward);
    this.externals = forward.externals();
    this.needed = new HashSet<>(trainable);
    for (Operation operation : forward.operations()) {
      if (operation.inputs().stream().anyMatch(needed::contains)) {
        needed.addAll(operation.outputs());
      }
    }
  }

  /**
   * Forward and backward in one program.
   *
   * @param trainable external values in PARAMETERS
   * @throws IllegalArgumentException if an operation has no derivative
   */
  public static Program of(Program forward, Set<Value> trainable) {
    return new Differentiation(forward, trainable).run(forward);
  }

  private Program run(Program forward) {
    List<Operation> written = new ArrayList<>();
    for (Operation operation : forward.operations()) {
      Operation kept = withWorkspace(operation);
      builder.add(kept.op(), kept.inputs(), kept.outputs());
      kept.outputs().forEach(output -> producers.put(output, kept));
      written.add(kept);
    }
    for (int i = written.size() - 1; i >= 0; i--) {
      if (written.get(i).inputs().stream().anyMatch(needed::contains)) {
        backward(written.get(i));
      }
    }
    return builder.build();
  }

  private void backward(Operation operation) {
    if (operation.op() instanceof Op.SoftmaxCrossEntropy) {
      accumulate(operation.input(0), operation.output(1));
      return;
    }
    Value dy = gradients.get(operation.output(0));
    if (dy != null) {
      Derivatives.write(operation, dy, this);
    }
  }

  /** Adds the output that the backward operation will want to see. */
  private Operation withWorkspace(Operation operation) {
    if (!wantsWorkspace(operation)) {
      return operation;
    }
    Value first = operation.output(0);
    TensorType type = new TensorType(ElementType.UINT8, first.shape(), Layout.ANY);
    List<Value> outputs = new ArrayList<>(operation.outputs());
    outputs.add(builder.value(first.name() + " workspace", type));
    return new Operation(operation.op(), operation.inputs(), outputs);
  }

  private boolean wantsWorkspace(Operation operation) {
    boolean keeps =
        operation.op() instanceof Op.Lrn
            || (operation.op() instanceof Op.Pool pool && pool.kind() == Op.PoolKind.MAX);
    return keeps && needed.contains(operation.input(0));
  }

  boolean isNeeded(Value value) {
    return needed.contains(value);
  }

  void add(Op op, List<Value> inputs, List<Value> outputs) {
    builder.add(op, inputs, outputs);
  }

  /** A backward operation that gives the gradient of an operation's first input. */
  void unary(Operation operation, Op backward, Value... inputs) {
    Value x = operation.input(0);
    if (needed.contains(x)) {
      accumulate(x, apply(backward, x, x.type(), inputs));
    }
  }

  Value gradientOf(Value of, TensorType type) {
    return builder.value("d " + of.name(), type);
  }

  Value apply(Op op, Value of, TensorType type, Value... inputs) {
    return builder.apply(op, "d " + of.name(), type, inputs);
  }

  Value converted(Value value, TensorType type, Value of) {
    return value.type().equals(type) ? value : apply(new Op.Reorder(), of, type, value);
  }

  /** The same kernel once more, for another operation that may want it in another layout. */
  Value again(Value w) {
    Operation producer = producers.get(w);
    if (producer == null || !(producer.op() instanceof Op.Reorder)) {
      return w;
    }
    return builder.apply(new Op.Reorder(), w.name(), w.type().with(Layout.ANY), producer.input(0));
  }

  /** Another summand of a value's gradient; a parameter's is written to its place. */
  void accumulate(Value of, Value summand) {
    External place = externals.get(of);
    Value before = gradients.get(of);
    if (place != null) {
      if (before != null) {
        throw new IllegalArgumentException(of + " is read by two operations");
      }
      External target = External.at(Buffer.GRADIENT, place.offset());
      Value gradient = builder.external("d " + of.name(), of.type(), target);
      builder.add(new Op.Reorder(), List.of(summand), List.of(gradient));
      gradients.put(of, gradient);
    } else if (before == null) {
      gradients.put(of, summand);
    } else {
      Op add = new Op.Add(Activation.IDENTITY);
      gradients.put(of, apply(add, of, of.type(), before, summand));
    }
  }
}
