package dev.convoy.models.engine.onednn;

import dev.convoy.models.engine.ir.Op;
import dev.convoy.models.engine.ir.Shape;
import dev.convoy.models.engine.ir.TensorType;
import dev.convoy.models.engine.onednn.Stage.Argument;
import dev.convoy.models.engine.onednn.Stage.Input;
import dev.convoy.models.engine.onednn.Stage.Output;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_attr;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.dnnl.global.dnnl;

/** Convolutions forward and backward. */
final class Convolutions {
  /**
   * With a stride and fewer channels than these it copies whole vectors of them into a scratchpad
   * that has room for the channels only (oneDNN 3.11; the kernel's gradient, AVX2).
   */
  static final String BEYOND_ITS_SCRATCHPAD = "jit_1x1:avx2";

  static final int FEW_CHANNELS = 8;

  private Convolutions() {}

  static Lowered forward(Op.Convolution op, Lowering lowering) {
    boolean bias = op.bias() == Op.Bias.PRESENT;
    boolean addend = op.addend() == Op.Addend.PRESENT;
    PostOperations after = lowering.postOperations();
    if (addend) {
      after.sum();
    }
    after.activation(op.activation());
    dnnl_primitive_attr attributes = after.attributes();
    dnnl_memory_desc ws = kernel(lowering, lowering.input(1), op.groups());
    dnnl_memory_desc bs = bias ? lowering.describe(lowering.input(2)) : Lowering.none();
    WindowArguments window = WindowArguments.of(op.window());
    dnnl_primitive_desc made =
        Reordered.fastest(
            lowering,
            lowering.input(0),
            lowering.output(0),
            (xs, ys) ->
                lowering.primitive(
                    empty ->
                        dnnl.dnnl_convolution_forward_primitive_desc_create(
                            empty,
                            CpuEngine.get(),
                            dnnl.dnnl_forward_training,
                            dnnl.dnnl_convolution_direct,
                            xs,
                            ws,
                            bs,
                            ys,
                            window.strides(),
                            window.dilations(),
                            window.before(),
                            window.after(),
                            attributes)));
    List<Argument> arguments = new ArrayList<>();
    arguments.add(new Argument(dnnl.DNNL_ARG_SRC, new Input(0)));
    arguments.add(new Argument(dnnl.DNNL_ARG_WEIGHTS, new Input(1)));
    if (bias) {
      arguments.add(new Argument(dnnl.DNNL_ARG_BIAS, new Input(2)));
    }
    arguments.add(new Argument(dnnl.DNNL_ARG_DST, new Output(0)));
    Lowered lowered = Reordered.around(lowering, made, arguments, op.addend());
    return addend ? lowered.inPlaceOf(bias ? 3 : 2) : lowered;
  }

  static Lowered backwardData(Op.ConvolutionBackwardData op, Lowering lowering) {
    if (StridedPointwise.is(op.window(), op.groups(), lowering.output(0), lowering.input(0))) {
      return StridedPointwise.backwardData(op, lowering);
    }
    boolean addend = op.addend() == Op.Addend.PRESENT;
    PostOperations after = lowering.postOperations();
    if (addend) {
      after.sum();
    }
    dnnl_primitive_attr attributes = after.attributes();
    dnnl_memory_desc ws = kernel(lowering, lowering.input(1), op.groups());
    WindowArguments window = WindowArguments.of(op.window());
    dnnl_primitive_desc made =
        Reordered.fastest(
            lowering,
            lowering.output(0),
            lowering.input(0),
            (dxs, dys) ->
                lowering.primitive(
                    empty ->
                        dnnl.dnnl_convolution_backward_data_primitive_desc_create(
                            empty,
                            CpuEngine.get(),
                            dnnl.dnnl_convolution_direct,
                            dxs,
                            ws,
                            dys,
                            window.strides(),
                            window.dilations(),
                            window.before(),
                            window.after(),
                            new dnnl_primitive_desc(),
                            attributes)));
    if (addend) {
      lowering.refuseReference(made);
    }
    Lowered lowered =
        Reordered.around(
            lowering,
            made,
            List.of(
                new Argument(dnnl.DNNL_ARG_DIFF_DST, new Input(0)),
                new Argument(dnnl.DNNL_ARG_WEIGHTS, new Input(1)),
                new Argument(dnnl.DNNL_ARG_DIFF_SRC, new Output(0))),
            op.addend());
    return addend ? lowered.inPlaceOf(2) : lowered;
  }

  static Lowered backwardWeights(Op.ConvolutionBackwardWeights op, Lowering lowering) {
    if (StridedPointwise.is(op.window(), op.groups(), lowering.input(0), lowering.input(1))) {
      return StridedPointwise.backwardWeights(op, lowering);
    }
    boolean bias = op.bias() == Op.Bias.PRESENT;
    dnnl_primitive_attr attributes = lowering.attributes();
    dnnl_memory_desc dws = kernel(lowering, lowering.output(0), op.groups());
    dnnl_memory_desc dbs = bias ? lowering.describe(lowering.output(1)) : Lowering.none();
    WindowArguments window = WindowArguments.of(op.window());
    dnnl_primitive_desc made =
        Reordered.fastest(
            lowering,
            lowering.input(0),
            lowering.input(1),
            (xs, dys) ->
                lowering.primitive(
                    empty ->
                        dnnl.dnnl_convolution_backward_weights_primitive_desc_create(
                            empty,
                            CpuEngine.get(),
                            dnnl.dnnl_convolution_direct,
                            xs,
                            dws,
                            dbs,
                            dys,
                            window.strides(),
                            window.dilations(),
                            window.before(),
                            window.after(),
                            new dnnl_primitive_desc(),
                            attributes)));
    if (lowering.output(0).shape().get(1) < FEW_CHANNELS) {
      lowering.passOver(BEYOND_ITS_SCRATCHPAD, made);
    }
    List<Argument> arguments = new ArrayList<>();
    arguments.add(new Argument(dnnl.DNNL_ARG_SRC, new Input(0)));
    arguments.add(new Argument(dnnl.DNNL_ARG_DIFF_DST, new Input(1)));
    arguments.add(new Argument(dnnl.DNNL_ARG_DIFF_WEIGHTS, new Output(0)));
    if (bias) {
      arguments.add(new Argument(dnnl.DNNL_ARG_DIFF_BIAS, new Output(1)));
    }
    return Reordered.around(lowering, made, arguments, Op.Addend.ABSENT);
  }

  private static dnnl_memory_desc kernel(Lowering lowering, TensorType type, int groups) {
    return lowering.describe(type, dimensions(type.shape(), groups));
  }

  /** {@code [groups, out / groups, in / groups, height, width]}, or as they are for one group. */
  static List<Integer> dimensions(Shape kernel, int groups) {
    if (groups == 1) {
      return kernel.dimensions();
    }
    List<Integer> split = new ArrayList<>(List.of(groups, kernel.get(0) / groups));
    split.addAll(kernel.dimensions().subList(1, kernel.rank()));
    return split;
  }
}
