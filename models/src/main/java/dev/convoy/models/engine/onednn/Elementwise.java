package dev.convoy.models.engine.onednn;

import dev.convoy.models.engine.ir.Activation;
import dev.convoy.models.engine.ir.Op;
import dev.convoy.models.engine.onednn.Stage.Argument;
import dev.convoy.models.engine.onednn.Stage.Input;
import dev.convoy.models.engine.onednn.Stage.Output;
import java.util.List;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_attr;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.dnnl.global.dnnl;

/** Activations, sums and products of two tensors, softmax. */
final class Elementwise {
  private Elementwise() {}

  static Lowered activate(Op.Activate op, Lowering lowering) {
    return apply(Eltwise.forward(op.activation()), lowering, 0);
  }

  static Lowered activateBackward(Op.ActivateBackward op, Lowering lowering) {
    Activation activation = op.activation();
    Eltwise eltwise = Eltwise.backward(activation);
    if (activation.isIdentity()) {
      return apply(eltwise, lowering, 1);
    }
    boolean fromOutput = activation.backwardFrom() == Activation.BackwardFrom.OUTPUT;
    dnnl_memory_desc data = lowering.describe(lowering.input(0));
    dnnl_memory_desc dys = lowering.describe(lowering.input(1));
    dnnl_memory_desc dxs = lowering.describe(lowering.output(0));
    dnnl_primitive_attr attributes = lowering.attributes();
    dnnl_primitive_desc forward = forward(eltwise, data, data, lowering);
    dnnl_primitive_desc made =
        lowering.primitive(
            empty ->
                dnnl.dnnl_eltwise_backward_primitive_desc_create(
                    empty,
                    CpuEngine.get(),
                    eltwise.algorithm(),
                    dxs,
                    dys,
                    data,
                    eltwise.alpha(),
                    eltwise.beta(),
                    forward,
                    attributes));
    return Lowered.primitive(
        made,
        new Argument(fromOutput ? dnnl.DNNL_ARG_DST : dnnl.DNNL_ARG_SRC, new Input(0)),
        new Argument(dnnl.DNNL_ARG_DIFF_DST, new Input(1)),
        new Argument(dnnl.DNNL_ARG_DIFF_SRC, new Output(0)));
  }

  static Lowered add(Op.Add op, Lowering lowering) {
    return binary(dnnl.dnnl_binary_add, op.activation(), lowering);
  }

  static Lowered multiply(Lowering lowering) {
    return binary(dnnl.dnnl_binary_mul, Activation.IDENTITY, lowering);
  }

  static Lowered softmax(Lowering lowering) {
    dnnl_memory_desc xs = lowering.describe(lowering.input(0));
    dnnl_memory_desc ys = lowering.describe(lowering.output(0));
    dnnl_primitive_attr attributes = lowering.attributes();
    dnnl_primitive_desc made =
        lowering.primitive(
            empty ->
                dnnl.dnnl_softmax_forward_primitive_desc_create(
                    empty,
                    CpuEngine.get(),
                    dnnl.dnnl_forward_inference,
                    dnnl.dnnl_softmax_accurate,
                    xs,
                    ys,
                    1,
                    attributes));
    return Lowered.primitive(
        made,
        new Argument(dnnl.DNNL_ARG_SRC, new Input(0)),
        new Argument(dnnl.DNNL_ARG_DST, new Output(0)));
  }

  private static Lowered apply(Eltwise eltwise, Lowering lowering, int input) {
    dnnl_memory_desc xs = lowering.describe(lowering.input(input));
    dnnl_memory_desc ys = lowering.describe(lowering.output(0));
    return Lowered.primitive(
        forward(eltwise, xs, ys, lowering),
        new Argument(dnnl.DNNL_ARG_SRC, new Input(input)),
        new Argument(dnnl.DNNL_ARG_DST, new Output(0)));
  }

  private static dnnl_primitive_desc forward(
      Eltwise eltwise, dnnl_memory_desc x, dnnl_memory_desc y, Lowering lowering) {
    dnnl_primitive_attr attributes = lowering.attributes();
    return lowering.primitive(
        empty ->
            dnnl.dnnl_eltwise_forward_primitive_desc_create(
                empty,
                CpuEngine.get(),
                dnnl.dnnl_forward_training,
                eltwise.algorithm(),
                x,
                y,
                eltwise.alpha(),
                eltwise.beta(),
                attributes));
  }

  private static Lowered binary(int algorithm, Activation activation, Lowering lowering) {
    dnnl_primitive_attr attributes = lowering.postOperations().activation(activation).attributes();
    dnnl_memory_desc as = lowering.describe(lowering.input(0));
    dnnl_primitive_desc made =
        Reordered.fastest(
            lowering,
            lowering.input(1),
            lowering.output(0),
            (bs, ys) ->
                lowering.primitive(
                    empty ->
                        dnnl.dnnl_binary_primitive_desc_create(
                            empty, CpuEngine.get(), algorithm, as, bs, ys, attributes)));
    return Reordered.around(
        lowering,
        made,
        List.of(
            new Argument(dnnl.DNNL_ARG_SRC_0, new Input(0)),
            new Argument(dnnl.DNNL_ARG_SRC_1, new Input(1)),
            new Argument(dnnl.DNNL_ARG_DST, new Output(0))),
        Op.Addend.ABSENT);
  }
}
