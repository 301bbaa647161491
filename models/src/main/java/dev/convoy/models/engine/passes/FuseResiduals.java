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
 * nobody reads the something afterwards. It moves to where the sum was, so what it reads itself
 * must not have been added to by then. For inference: derivatives are not asked for.
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
    Set<Value> overwritten = new HashSet<>();
    for (Operation operation : program.operations()) {
      if (operation.op() instanceof Op.Add) {
        for (int i = 1; i >= 0 && !fusedAdds.containsKey(operation); i--) {
          Optional<Operation> convolution =
              movable(operation, i, uses)
                  .filter(c -> !moved.contains(c))
                  .filter(
                      c -> c.inputs().stream().map(uses::stored).noneMatch(overwritten::contains));
          Optional<Operation> fused =
              convolution.map(c -> fuse(c, operation)).filter(backend::supports);
          fused.ifPresent(f -> fusedAdds.put(operation, f));
          fused.ifPresent(f -> moved.add(convolution.get()));
          Value addend = operation.input(1 - i);
          fused.ifPresent(f -> overwritten.add(uses.stored(addend)));
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
        || uses.isExternal(uses.stored(other))
        || !other.type().equals(result.type())
        || !lastReader(other, add, uses)) {
      return Optional.empty();
    }
    return uses.onlyReader(result)
        .flatMap(reader -> uses.writer(result))
        .filter(FuseResiduals::isBare)
        .filter(
            convolution ->
                convolution.inputs().stream()
                    .map(uses::stored)
                    .noneMatch(uses.stored(other)::equals));
  }

  private static boolean lastReader(Value value, Operation add, Uses uses) {
    List<Integer> reads = uses.reads(value);
    return reads.get(reads.size() - 1) == uses.writtenAt(add.output(0))
        && uses.writer(value).isPresent();
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
