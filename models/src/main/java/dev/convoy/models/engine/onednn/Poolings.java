package dev.convoy.models.engine.onednn;

import dev.convoy.models.engine.ir.Op;
import dev.convoy.models.engine.ir.Window;
import dev.convoy.models.engine.onednn.Stage.Argument;
import dev.convoy.models.engine.onednn.Stage.Input;
import dev.convoy.models.engine.onednn.Stage.Output;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_attr;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.dnnl.global.dnnl;

/** Poolings forward and backward. */
final class Poolings {
  private Poolings() {}

  static Lowered forward(Op.Pool op, Lowering lowering) {
    boolean argmax = lowering.outputs() == 2;
    dnnl_primitive_desc made =
        forward(
            op.window(),
            op.kind(),
            argmax ? dnnl.dnnl_forward_training : dnnl.dnnl_forward_inference,
            lowering.describe(lowering.input(0)),
            lowering.describe(lowering.output(0)),
            lowering);
    List<Argument> arguments = new ArrayList<>();
    arguments.add(new Argument(dnnl.DNNL_ARG_SRC, new Input(0)));
    arguments.add(new Argument(dnnl.DNNL_ARG_DST, new Output(0)));
    if (argmax) {
      arguments.add(new Argument(dnnl.DNNL_ARG_WORKSPACE, new Output(1)));
    }
    return Lowered.primitive(made, arguments);
  }

  static Lowered backward(Op.PoolBackward op, Lowering lowering) {
    dnnl_memory_desc dys = lowering.describe(lowering.input(0));
    dnnl_memory_desc dxs = lowering.describe(lowering.output(0));
    dnnl_primitive_desc forward =
        forward(op.window(), op.kind(), dnnl.dnnl_forward_training, dxs, dys, lowering);
    dnnl_primitive_attr attributes = lowering.attributes();
    WindowArguments window = WindowArguments.of(op.window());
    dnnl_primitive_desc made =
        lowering.primitive(
            empty ->
                dnnl.dnnl_pooling_backward_primitive_desc_create(
                    empty,
                    CpuEngine.get(),
                    algorithm(op.kind()),
                    dxs,
                    dys,
                    window.strides(),
                    window.kernel(),
                    window.dilations(),
                    window.before(),
                    window.after(),
                    forward,
                    attributes));
    List<Argument> arguments = new ArrayList<>();
    arguments.add(new Argument(dnnl.DNNL_ARG_DIFF_DST, new Input(0)));
    if (op.kind() == Op.PoolKind.MAX) {
      arguments.add(new Argument(dnnl.DNNL_ARG_WORKSPACE, new Input(1)));
    }
    arguments.add(new Argument(dnnl.DNNL_ARG_DIFF_SRC, new Output(0)));
    return Lowered.primitive(made, arguments);
  }

  private static dnnl_primitive_desc forward(
      Window shape,
      Op.PoolKind kind,
      int mode,
      dnnl_memory_desc x,
      dnnl_memory_desc y,
      Lowering lowering) {
    dnnl_primitive_attr attributes = lowering.attributes();
    WindowArguments window = WindowArguments.of(shape);
    return lowering.primitive(
        empty ->
            dnnl.dnnl_pooling_forward_primitive_desc_create(
                empty,
                CpuEngine.get(),
                mode,
                algorithm(kind),
                x,
                y,
                window.strides(),
                window.kernel(),
                window.dilations(),
                window.before(),
                window.after(),
                attributes));
  }

  private static int algorithm(Op.PoolKind kind) {
    return switch (kind) {
      case MAX -> dnnl.dnnl_pooling_max;
      case AVERAGE_WITH_PADDING -> dnnl.dnnl_pooling_avg_include_padding;
      case AVERAGE -> dnnl.dnnl_pooling_avg_exclude_padding;
    };
  }
}
