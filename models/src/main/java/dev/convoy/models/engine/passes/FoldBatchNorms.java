package dev.convoy.models.engine.passes;

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
 * A convolution that only a batch norm with fixed statistics reads becomes one convolution with
 * another kernel and bias. For inference: the kernel is no longer the parameter itself.
 */
public final class FoldBatchNorms implements Pass {
  @Override
  public Program apply(Program program) {
    Uses uses = new Uses(program);
    Rewriter rewriter = new Rewriter(program);
    Set<Operation> folded = new HashSet<>();
    for (Operation operation : program.operations()) {
      Optional<Operation> norm = foldable(operation, uses);
      if (norm.isPresent()) {
        fold(operation, norm.get(), rewriter);
        folded.add(norm.get());
      } else if (!folded.contains(operation)) {
        rewriter.keep(operation);
      }
    }
    return rewriter.build();
  }

  private static Optional<Operation> foldable(Operation operation, Uses uses) {
    if (operation.op() instanceof Op.Convolution convolution
        && convolution.activation().isIdentity()
        && convolution.addend() == Op.Addend.ABSENT) {
      return uses.onlyReader(operation.output(0))
          .filter(reader -> reader.op() instanceof Op.FixedBatchNorm)
          .filter(reader -> reader.input(0).equals(operation.output(0)));
    }
    return Optional.empty();
  }

  private static void fold(Operation convolution, Operation normalisation, Rewriter rewriter) {
    Op.Convolution op = (Op.Convolution) convolution.op();
    Op.FixedBatchNorm norm = (Op.FixedBatchNorm) normalisation.op();
    Value w = convolution.input(1);
    List<Value> folding = new ArrayList<>(List.of(w));
    folding.addAll(normalisation.inputs().subList(1, 5));
    folding.addAll(convolution.inputs().subList(2, convolution.inputs().size()));
    Value kernel = rewriter.fresh(w.name() + " folded", TensorType.plain(w.shape()));
    Value shift = normalisation.input(2);
    Value bias = rewriter.fresh(shift.name() + " folded", TensorType.plain(shift.shape()));
    rewriter.add(
        new Op.FoldBatchNorm(norm.epsilon(), op.bias()),
        rewriter.current(folding),
        List.of(kernel, bias));
    rewriter.add(
        new Op.Convolution(
            op.window(), op.groups(), Op.Bias.PRESENT, op.addend(), norm.activation()),
        List.of(rewriter.current(convolution.input(0)), kernel, bias),
        List.of(normalisation.output(0)));
  }
}
