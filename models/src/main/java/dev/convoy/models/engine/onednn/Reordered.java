package dev.convoy.models.engine.onednn;

import dev.convoy.models.engine.ir.Layout;
import dev.convoy.models.engine.ir.Op;
import dev.convoy.models.engine.ir.TensorType;
import dev.convoy.models.engine.onednn.Stage.Argument;
import dev.convoy.models.engine.onednn.Stage.Input;
import dev.convoy.models.engine.onednn.Stage.Operand;
import dev.convoy.models.engine.onednn.Stage.Output;
import dev.convoy.models.engine.onednn.Stage.Temporary;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.dnnl.global.dnnl;

/**
 * Primitives that want their operands in other layouts than they have: copied into memory of the
 * operation's own. Where the library has only reference loops for the given layouts, as for
 * convolutions of a few channels in blocks, the copies cost a thousandth of them.
 */
final class Reordered {
  private Reordered() {}

  /** Makes a primitive for the descriptors of two activations. */
  interface Maker {
    dnnl_primitive_desc make(dnnl_memory_desc first, dnnl_memory_desc second);
  }

  /**
   * The primitive for the operands as they are if it is fast, else one with layouts of the
   * library's choice if that is fast.
   */
  static dnnl_primitive_desc fastest(
      Lowering lowering, TensorType first, TensorType second, Maker maker) {
    dnnl_memory_desc firstGiven = lowering.describe(first);
    dnnl_memory_desc secondGiven = lowering.describe(second);
    dnnl_memory_desc firstFree = lowering.describe(first.with(Layout.ANY));
    dnnl_memory_desc secondFree = lowering.describe(second.with(Layout.ANY));
    return lowering
        .fast(() -> maker.make(firstGiven, secondGiven))
        .or(() -> lowering.fast(() -> maker.make(firstFree, secondGiven)))
        .or(() -> lowering.fast(() -> maker.make(firstGiven, secondFree)))
        .or(() -> lowering.fast(() -> maker.make(firstFree, secondFree)))
        .orElseGet(() -> maker.make(firstGiven, secondGiven));
  }

  /**
   * The primitive with copies before and after it where its layouts are not the operands'.
   *
   * @param addend whether the primitive adds to what its first output holds
   */
  static Lowered around(
      Lowering lowering,
      dnnl_primitive_desc primitive,
      List<Argument> arguments,
      Op.Addend addend) {
    List<Stage> before = new ArrayList<>();
    List<Stage> after = new ArrayList<>();
    List<Argument> adapted = new ArrayList<>();
    long temporaryBytes = 0;
    for (Argument argument : arguments) {
      TensorType type = type(lowering, argument.operand());
      dnnl_memory_desc wanted = Resolution.descriptor(primitive, argument.number());
      dnnl_memory_desc given =
          lowering.describe(type, Resolution.dimensions(lowering.op(), argument.number(), type));
      boolean open = type.layout() == Layout.ANY;
      if (open || Descriptors.equal(wanted, given)) {
        adapted.add(argument);
        continue;
      }
      Temporary temporary = new Temporary(temporaryBytes);
      adapted.add(new Argument(argument.number(), temporary));
      temporaryBytes += HostMemory.aligned(dnnl.dnnl_memory_desc_get_size(wanted));
      boolean output = argument.operand() instanceof Output;
      if (!output || (addend == Op.Addend.PRESENT && isFirst(argument.operand()))) {
        before.add(Rearrangements.reorder(lowering, given, argument.operand(), wanted, temporary));
      }
      if (output) {
        after.add(Rearrangements.reorder(lowering, wanted, temporary, given, argument.operand()));
      }
    }
    List<Stage> stages = new ArrayList<>(before);
    stages.add(new Stage.Primitive(primitive, adapted));
    stages.addAll(after);
    return new Lowered(stages, Optional.empty(), temporaryBytes);
  }

  private static boolean isFirst(Operand operand) {
    return operand instanceof Output output && output.index() == 0;
  }

  private static TensorType type(Lowering lowering, Operand operand) {
    if (operand instanceof Input input) {
      return lowering.input(input.index());
    } else if (operand instanceof Output output) {
      return lowering.output(output.index());
    }
    throw new IllegalArgumentException(operand + " has no type");
  }
}
