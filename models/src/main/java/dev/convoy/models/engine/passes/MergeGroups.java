package dev.convoy.models.engine.passes;

import dev.convoy.models.engine.backend.Backend;
import dev.convoy.models.engine.ir.ElementType;
import dev.convoy.models.engine.ir.Op;
import dev.convoy.models.engine.ir.Operation;
import dev.convoy.models.engine.ir.Program;
import dev.convoy.models.engine.ir.Shape;
import dev.convoy.models.engine.ir.Value;
import java.util.ArrayList;
import java.util.List;

/**
 * Grouped convolutions with groups thinner than the backend likes compute several groups as one,
 * with zeros between them: more arithmetic, but of the kind that is fast.
 */
public final class MergeGroups implements Pass {
  private final Backend backend;
  private final ElementType element;

  /**
   * @param element of the activations
   */
  public MergeGroups(Backend backend, ElementType element) {
    this.backend = backend;
    this.element = element;
  }

  @Override
  public Program apply(Program program) {
    Rewriter rewriter = new Rewriter(program);
    for (Operation operation : program.operations()) {
      if (operation.op() instanceof Op.Convolution convolution && merged(operation) > 1) {
        merge(operation, convolution, merged(operation), rewriter);
      } else {
        rewriter.keep(operation);
      }
    }
    return rewriter.build();
  }

  /** The smallest divisor of the groups that makes them wide enough, or all of them. */
  private int merged(Operation operation) {
    int groups = ((Op.Convolution) operation.op()).groups();
    Shape kernel = operation.input(1).shape();
    int thinnest = Math.min(kernel.get(1), kernel.get(0) / groups);
    int wanted = backend.channelsPerGroup(element);
    for (int merged = 1; merged < groups; merged++) {
      if (groups % merged == 0 && thinnest * merged >= wanted) {
        return merged;
      }
    }
    return groups;
  }

  private static void merge(Operation operation, Op.Convolution op, int merged, Rewriter rewriter) {
    Value w = operation.input(1);
    Shape shape = w.shape().with(1, w.shape().get(1) * merged);
    Value wide = rewriter.fresh(w.name() + " merged", w.type().with(shape));
    rewriter.add(
        new Op.ExpandGroups(op.groups(), merged), List.of(rewriter.current(w)), List.of(wide));
    List<Value> inputs = new ArrayList<>(rewriter.current(operation.inputs()));
    inputs.set(1, wide);
    rewriter.add(
        new Op.Convolution(
            op.window(), op.groups() / merged, op.bias(), op.addend(), op.activation()),
        inputs,
        operation.outputs());
  }
}
