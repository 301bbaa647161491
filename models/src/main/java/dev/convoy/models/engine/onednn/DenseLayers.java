package dev.convoy.models.engine.onednn;

import dev.convoy.models.engine.ir.Op;
import dev.convoy.models.engine.onednn.Stage.Argument;
import dev.convoy.models.engine.onednn.Stage.Input;
import dev.convoy.models.engine.onednn.Stage.Output;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_attr;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.dnnl.global.dnnl;

/** Fully connected layers forward and backward: the library's inner products. */
final class DenseLayers {
  private DenseLayers() {}

  static Lowered forward(Op.Dense op, Lowering lowering) {
    boolean bias = op.bias() == Op.Bias.PRESENT;
    dnnl_primitive_attr attributes =
        lowering.postOperations().activation(op.activation()).attributes();
    dnnl_memory_desc xs = lowering.describe(lowering.input(0));
    dnnl_memory_desc ws = lowering.describe(lowering.input(1));
    dnnl_memory_desc bs = bias ? lowering.describe(lowering.input(2)) : Lowering.none();
    dnnl_memory_desc ys = lowering.describe(lowering.output(0));
    dnnl_primitive_desc made =
        lowering.primitive(
            empty ->
                dnnl.dnnl_inner_product_forward_primitive_desc_create(
                    empty,
                    CpuEngine.get(),
                    dnnl.dnnl_forward_training,
                    xs,
                    ws,
                    bs,
                    ys,
                    attributes));
    List<Argument> arguments = new ArrayList<>();
    arguments.add(new Argument(dnnl.DNNL_ARG_SRC, new Input(0)));
    arguments.add(new Argument(dnnl.DNNL_ARG_WEIGHTS, new Input(1)));
    if (bias) {
      arguments.add(new Argument(dnnl.DNNL_ARG_BIAS, new Input(2)));
    }
    arguments.add(new Argument(dnnl.DNNL_ARG_DST, new Output(0)));
    return Lowered.primitive(made, arguments);
  }

  static Lowered backwardData(Lowering lowering) {
    dnnl_primitive_attr attributes = lowering.attributes();
    dnnl_memory_desc dys = lowering.describe(lowering.input(0));
    dnnl_memory_desc ws = lowering.describe(lowering.input(1));
    dnnl_memory_desc dxs = lowering.describe(lowering.output(0));
    dnnl_primitive_desc made =
        lowering.primitive(
            empty ->
                dnnl.dnnl_inner_product_backward_data_primitive_desc_create(
                    empty, CpuEngine.get(), dxs, ws, dys, new dnnl_primitive_desc(), attributes));
    return Lowered.primitive(
        made,
        new Argument(dnnl.DNNL_ARG_DIFF_DST, new Input(0)),
        new Argument(dnnl.DNNL_ARG_WEIGHTS, new Input(1)),
        new Argument(dnnl.DNNL_ARG_DIFF_SRC, new Output(0)));
  }

  static Lowered backwardWeights(Op.DenseBackwardWeights op, Lowering lowering) {
    boolean bias = op.bias() == Op.Bias.PRESENT;
    dnnl_primitive_attr attributes = lowering.attributes();
    dnnl_memory_desc xs = lowering.describe(lowering.input(0));
    dnnl_memory_desc dys = lowering.describe(lowering.input(1));
    dnnl_memory_desc dws = lowering.describe(lowering.output(0));
    dnnl_memory_desc dbs = bias ? lowering.describe(lowering.output(1)) : Lowering.none();
    dnnl_primitive_desc made =
        lowering.primitive(
            empty ->
                dnnl.dnnl_inner_product_backward_weights_primitive_desc_create(
                    empty,
                    CpuEngine.get(),
                    xs,
                    dws,
                    dbs,
                    dys,
                    new dnnl_primitive_desc(),
                    attributes));
    List<Argument> arguments = new ArrayList<>();
    arguments.add(new Argument(dnnl.DNNL_ARG_SRC, new Input(0)));
    arguments.add(new Argument(dnnl.DNNL_ARG_DIFF_DST, new Input(1)));
    arguments.add(new Argument(dnnl.DNNL_ARG_DIFF_WEIGHTS, new Output(0)));
    if (bias) {
      arguments.add(new Argument(dnnl.DNNL_ARG_DIFF_BIAS, new Output(1)));
    }
    return Lowered.primitive(made, arguments);
  }
}
