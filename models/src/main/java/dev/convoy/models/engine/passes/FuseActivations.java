package dev.convoy.models.engine.passes;

import dev.convoy.models.engine.backend.Backend;
import dev.convoy.models.engine.ir.Activation;
import dev.convoy.models.engine.ir.ElementType;
import dev.convoy.models.engine.ir.Layout;
import dev.convoy.models.engine.ir.Op;
import dev.convoy.models.engine.ir.Operation;
import dev.convoy.models.engine.ir.Program;
import dev.convoy.models.engine.ir.TensorType;
import dev.convoy.models.engine.ir.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An activation that alone reads an operation's result is computed with it, where its derivative
 * can be had without that result and the backend can do so.
 */
public final class FuseActivations implements Pass {
  private final Backend backend;

  public FuseActivations(Backend backend) {
    this.backend = backend;
  }

  @Override
  public Program apply(Program program) {
    Uses uses = new Uses(program);
    Rewriter rewriter = new Rewriter(program);
    Set<Operation> fused = new HashSet<>();
    for (Operation operation : program.operations()) {
      Optional<Operation> activate =
          uses.onlyReader(operation.output(0)).filter(o -> o.op() instanceof Op.Activate);
      Optional<Operation> together =
          activate.flatMap(after -> together(operation, after, rewriter));
      if (together.isPresent()) {
        rewriter.keep(together.get());
        fused.add(activate.get());
      } else if (!fused.contains(operation)) {
        rewriter.keep(operation);
      }
    }
    return rewriter.build();
  }

  private Optional<Operation> together(Operation operation, Operation activate, Rewriter rewriter) {
    Activation activation = ((Op.Activate) activate.op()).activation();
    if (activation.backwardFrom() != Activation.BackwardFrom.OUTPUT
        || !activate.output(0).type().equals(operation.output(0).type())) {
      return Optional.empty();
    }
    return with(operation.op(), activation)
        .map(op -> new Operation(op, operation.inputs(), outputs(operation, activate, rewriter)))
        .filter(backend::supports);
  }

  private static List<Value> outputs(Operation operation, Operation activate, Rewriter rewriter) {
    List<Value> outputs = new ArrayList<>(operation.outputs());
    Value y = activate.output(0);
    outputs.set(0, y);
    if (operation.op() instanceof Op.BatchNorm) {
      TensorType mask = new TensorType(ElementType.UINT8, y.shape(), Layout.ANY);
      outputs.add(rewriter.fresh(y.name() + " mask", mask));
    }
    return outputs;
  }

  private static Optional<Op> with(Op op, Activation activation) {
    if (op instanceof Op.Convolution c && c.activation().isIdentity()) {
      return Optional.of(
          new Op.Convolution(c.window(), c.groups(), c.bias(), c.addend(), activation));
    }
    if (op instanceof Op.Dense dense && dense.activation().isIdentity()) {
      return Optional.of(new Op.Dense(dense.bias(), activation));
    }
    boolean relu = activation.equals(Activation.RELU);
    if (op instanceof Op.BatchNorm norm && relu && norm.activation().isIdentity()) {
      return Optional.of(new Op.BatchNorm(norm.epsilon(), activation));
    }
    if (op instanceof Op.FixedBatchNorm norm && relu && norm.activation().isIdentity()) {
      return Optional.of(new Op.FixedBatchNorm(norm.epsilon(), activation));
    }
    if (op instanceof Op.Add add && add.activation().isIdentity()) {
      return Optional.of(new Op.Add(activation));
    }
    return Optional.empty();
  }
}
