package dev.convoy.models.engine.onednn;

import dev.convoy.models.engine.backend.OperandTypes;
import dev.convoy.models.engine.ir.Layout;
import dev.convoy.models.engine.ir.Op;
import dev.convoy.models.engine.ir.TensorType;
import dev.convoy.models.engine.onednn.Stage.Argument;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.dnnl.global.dnnl;

/** Asks the library which layouts it wants where the engine left them open. */
final class Resolution {
  private final Descriptors descriptors;

  Resolution(Descriptors descriptors) {
    this.descriptors = descriptors;
  }

  /**
   * The types with every layout decided.
   *
   * @throws UnsupportedOperationException if the operation cannot be computed
   */
  OperandTypes resolve(Op op, OperandTypes open) {
    OperandTypes asked = withoutChoice(op, open);
    try (NativeScope scope = new NativeScope()) {
      Lowered lowered = Lowerings.lower(new Lowering(op, asked, descriptors, scope));
      List<TensorType> inputs = new ArrayList<>(asked.inputs());
      List<TensorType> outputs = new ArrayList<>(asked.outputs());
      for (Stage stage : lowered.stages()) {
        if (stage instanceof Stage.Primitive primitive) {
          for (Argument argument : primitive.arguments()) {
            decide(op, primitive.descriptor(), argument, inputs, outputs);
          }
        }
      }
      lowered.alias().ifPresent(alias -> inputs.set(alias.index(), outputs.get(0)));
      return new OperandTypes(inputs, outputs);
    }
  }

  private void decide(
      Op op,
      dnnl_primitive_desc primitive,
      Argument argument,
      List<TensorType> inputs,
      List<TensorType> outputs) {
    if (argument.operand() instanceof Stage.Input input) {
      inputs.set(
          input.index(), decide(op, primitive, argument.number(), inputs.get(input.index())));
    } else if (argument.operand() instanceof Stage.Output output) {
      outputs.set(
          output.index(), decide(op, primitive, argument.number(), outputs.get(output.index())));
    }
  }

  private TensorType decide(Op op, dnnl_primitive_desc primitive, int number, TensorType type) {
    if (type.layout() != Layout.ANY) {
      return type;
    }
    dnnl_memory_desc chosen = descriptor(primitive, number);
    return type.with(descriptors.layout(chosen, type, dimensions(op, number, type)));
  }

  /** The dimensions of an operand as the library sees them. */
  static List<Integer> dimensions(Op op, int number, TensorType type) {
    boolean kernel = number == dnnl.DNNL_ARG_WEIGHTS || number == dnnl.DNNL_ARG_DIFF_WEIGHTS;
    return kernel ? Convolutions.dimensions(type.shape(), groups(op)) : type.shape().dimensions();
  }

  /** What a primitive wants for one of its arguments; owned by the primitive. */
  static dnnl_memory_desc descriptor(dnnl_primitive_desc primitive, int number) {
    return dnnl.dnnl_primitive_desc_query_md(primitive, dnnl.dnnl_query_exec_arg_md, number);
  }

  private static int groups(Op op) {
    if (op instanceof Op.Convolution convolution) {
      return convolution.groups();
    } else if (op instanceof Op.ConvolutionBackwardData convolution) {
      return convolution.groups();
    } else if (op instanceof Op.ConvolutionBackwardWeights convolution) {
      return convolution.groups();
    }
    return 1;
  }

  /** Our own loops and copies want one layout only. */
  private static OperandTypes withoutChoice(Op op, OperandTypes open) {
    if (op instanceof Op.NormalizeImages) {
      return decided(open, Layout.CHANNELS_LAST, Layout.PLAIN);
    } else if (op instanceof Op.DropoutMask
        || op instanceof Op.SoftmaxCrossEntropy
        || op instanceof Op.Softmax
        || op instanceof Op.FoldBatchNorm
        || op instanceof Op.RunningStatistics
        || op instanceof Op.Reshape) {
      return decided(open, Layout.PLAIN, Layout.PLAIN);
    } else if (op instanceof Op.Slice || op instanceof Op.Pad || op instanceof Op.Reorder) {
      Layout same = open.inputs().get(0).layout();
      return decided(open, same, same);
    }
    return open;
  }

  private static OperandTypes decided(OperandTypes open, Layout inputs, Layout outputs) {
    return new OperandTypes(decided(open.inputs(), inputs), decided(open.outputs(), outputs));
  }

  private static List<TensorType> decided(List<TensorType> types, Layout layout) {
    return types.stream()
        .map(type -> type.layout() == Layout.ANY ? type.with(layout) : type)
        .toList();
  }
}
