package dev.convoy.models.engine.passes;

import dev.convoy.models.engine.backend.Backend;
import dev.convoy.models.engine.ir.Op;
import dev.convoy.models.engine.ir.Operation;
import dev.convoy.models.engine.ir.Program;
import dev.convoy.models.engine.ir.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A convolution whose result is only added to something becomes one that adds to it in place, if
 * nobody reads the something afterwards. For inference: derivatives are not asked for.
 */
public final class FuseResiduals implements Pass {
  private final Backend backend;

  public FuseResiduals(Backend backend) {
    this.backend = backend;
  }

  @Override
  public Program apply(Program program) {
    Uses uses = new Uses(program);
    Map<Operation, Operation> fusedAdds = new HashMap<>();
    Set<Operation> moved = new HashSet<>();
    for (Operation operation : program.operations()) {
      if (operation.op() instanceof Op.Add) {
        for (int i = 1; i >= 0 && !fusedAdds.containsKey(operation); i--) {
          Optional<Operation> convolution =
              movable(operation, i, uses).filter(c -> !moved.contains(c));
          Optional<Operation> fused =
              convolution.map(c -> fuse(c, operation)).filter(backend::supports);
          fused.ifPresent(f -> fusedAdds.put(operation, f));
          fused.ifPresent(f -> moved.add(convolution.get()));
        }
      }
    }
    Rewriter rewriter = new Rewriter(program);
    for (Operation operation : program.operations()) {
      if (!moved.contains(operation)) {
        rewriter.keep(fusedAdds.getOrDefault(operation, operation));
      }
    }
    return rewriter.build();
  }

  /** The convolution that gives one summand, if it can wait for the other. */
  private static Optional<Operation> movable(Operation add, int summand, Uses uses) {
    Value result = add.input(summand);
    Value other = add.input(1 - summand);
    if (other.equals(result)
        || uses.isExternal(other)
        || !other.type().equals(result.type())
        || !lastReader(other, add, uses)) {
      return Optional.empty();
    }
    return uses.onlyReader(result)
        .flatMap(reader -> uses.writer(result))
        .filter(FuseResiduals::isBare)
        .filter(convolution -> !convolution.inputs().contains(other));
  }

  private static boolean lastReader(Value value, Operation add, Uses uses) {
    List<Operation> readers = uses.readers(value);
    return readers.get(readers.size() - 1).equals(add) && uses.writer(value).isPresent();
  }

  private static boolean isBare(Operation operation) {
    return operation.op() instanceof Op.Convolution convolution
        && convolution.activation().isIdentity()
        && convolution.addend() == Op.Addend.ABSENT;
  }

  private static Operation fuse(Operation convolution, Operation add) {
    Op.Convolution op = (Op.Convolution) convolution.op();
    Value other = add.input(0).equals(convolution.output(0)) ? add.input(1) : add.input(0);
    List<Value> inputs = new ArrayList<>(convolution.inputs());
    inputs.add(other);
    return new Operation(
        new Op.Convolution(
            op.window(),
            op.groups(),
            op.bias(),
            Op.Addend.PRESENT,
            ((Op.Add) add.op()).activation()),
        inputs,
        add.outputs());
  }
}
