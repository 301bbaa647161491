package dev.convoy.models.engine.passes;

import dev.convoy.models.engine.backend.Backend;
import dev.convoy.models.engine.ir.Op;
import dev.convoy.models.engine.ir.Operation;
import dev.convoy.models.engine.ir.Program;
import dev.convoy.models.engine.ir.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A convolution's data gradient that is only added to another gradient is accumulated into it,
 * where the backend can, the other one is there by then, and nobody reads it afterwards.
 */
public final class AccumulateGradients implements Pass {
  private final Backend backend;

  public AccumulateGradients(Backend backend) {
    this.backend = backend;
  }

  @Override
  public Program apply(Program program) {
    Uses uses = new Uses(program);
    Map<Operation, Operation> replaced = new HashMap<>();
    Map<Operation, Operation> dropped = new HashMap<>();
    for (Operation operation : program.operations()) {
      if (operation.op() instanceof Op.Add add && add.activation().isIdentity()) {
        Optional<Operation> fused = fused(operation, uses);
        fused.ifPresent(
            f -> {
              replaced.put(uses.writer(operation.input(1)).orElseThrow(), f);
              dropped.put(operation, f);
            });
      }
    }
    Rewriter rewriter = new Rewriter(program);
    for (Operation operation : program.operations()) {
      if (!dropped.containsKey(operation)) {
        rewriter.keep(replaced.getOrDefault(operation, operation));
      }
    }
    return rewriter.build();
  }

  /** The summand computed later takes in the one computed before. */
  private Optional<Operation> fused(Operation add, Uses uses) {
    Value before = add.input(0);
    Value summand = add.input(1);
    List<Operation> readers = uses.readers(before);
    if (uses.isExternal(uses.stored(before))
        || before.equals(summand)
        || uses.writtenAt(before) >= uses.writtenAt(summand)
        || isReadLater(before, summand, add, uses)
        || readers.size() != 1
        || !before.type().equals(summand.type())) {
      return Optional.empty();
    }
    return uses.onlyReader(summand)
        .flatMap(reader -> uses.writer(summand))
        .filter(AccumulateGradients::isBare)
        .map(convolution -> accumulating(convolution, before, add))
        .filter(backend::supports);
  }

  /** Whether anything but the sum reads what would have been overwritten. */
  private static boolean isReadLater(Value before, Value summand, Operation add, Uses uses) {
    int sum = uses.writtenAt(add.output(0));
    return uses.reads(before).stream()
        .anyMatch(read -> read != sum && read >= uses.writtenAt(summand));
  }

  private static boolean isBare(Operation operation) {
    return operation.op() instanceof Op.ConvolutionBackwardData backward
        && backward.addend() == Op.Addend.ABSENT;
  }

  private static Operation accumulating(Operation convolution, Value before, Operation add) {
    Op.ConvolutionBackwardData op = (Op.ConvolutionBackwardData) convolution.op();
    List<Value> inputs = new ArrayList<>(convolution.inputs());
    inputs.add(before);
    return new Operation(
        new Op.ConvolutionBackwardData(op.window(), op.groups(), Op.Addend.PRESENT),
        inputs,
        add.outputs());
  }
}
