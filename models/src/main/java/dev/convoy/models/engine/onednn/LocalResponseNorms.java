package dev.convoy.models.engine.onednn;

import dev.convoy.models.engine.ir.Layout;
import dev.convoy.models.engine.ir.Op;
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

/**
 * Local response normalisation forward and backward. The library divides alpha by the size, so it
 * is given one that is larger by as much.
 */
final class LocalResponseNorms {
  private static final int VECTOR = 16;
  private static final int WIDEST_CHANNELS_LAST = 5;

  private LocalResponseNorms() {}

  static Lowered forward(Op.Lrn op, Lowering lowering) {
    boolean training = lowering.outputs() == 2;
    if (training) {
      checkGradient(op.size(), lowering);
    }
    dnnl_primitive_desc made =
        forward(
            op,
            training ? dnnl.dnnl_forward_training : dnnl.dnnl_forward_inference,
            lowering.describe(lowering.input(0)),
            lowering.describe(lowering.output(0)),
            lowering);
    List<Argument> arguments = new ArrayList<>();
    arguments.add(new Argument(dnnl.DNNL_ARG_SRC, new Input(0)));
    arguments.add(new Argument(dnnl.DNNL_ARG_DST, new Output(0)));
    if (training) {
      arguments.add(new Argument(dnnl.DNNL_ARG_WORKSPACE, new Output(1)));
    }
    return Lowered.primitive(made, arguments);
  }

  static Lowered backward(Op.LrnBackward op, Lowering lowering) {
    checkGradient(op.size(), lowering);
    dnnl_memory_desc xs = lowering.describe(lowering.input(0));
    dnnl_memory_desc dys = lowering.describe(lowering.input(1));
    dnnl_memory_desc dxs = lowering.describe(lowering.output(0));
    Op.Lrn forwardOp = new Op.Lrn(op.size(), op.alpha(), op.beta(), op.k());
    dnnl_primitive_desc forward = forward(forwardOp, dnnl.dnnl_forward_training, xs, xs, lowering);
    dnnl_primitive_attr attributes = lowering.attributes();
    dnnl_primitive_desc made =
        lowering.primitive(
            empty ->
                dnnl.dnnl_lrn_backward_primitive_desc_create(
                    empty,
                    CpuEngine.get(),
                    dnnl.dnnl_lrn_across_channels,
                    dxs,
                    dys,
                    xs,
                    op.size(),
                    (float) (op.alpha() * op.size()),
                    (float) op.beta(),
                    (float) op.k(),
                    forward,
                    attributes));
    return Lowered.primitive(
        made,
        new Argument(dnnl.DNNL_ARG_SRC, new Input(0)),
        new Argument(dnnl.DNNL_ARG_DIFF_DST, new Input(1)),
        new Argument(dnnl.DNNL_ARG_WORKSPACE, new Input(2)),
        new Argument(dnnl.DNNL_ARG_DIFF_SRC, new Output(0)));
  }

  /**
   * The library's gradients (3.11, AVX-512) are wrong in channels last where channels are left over
   * beyond whole vectors or the neighbourhood is wide; a smaller image than one vector goes another
   * way and is right.
   */
  private static void checkGradient(int size, Lowering lowering) {
    TensorType x = lowering.input(0);
    int channels = x.shape().channels();
    boolean wrong = channels > VECTOR && (channels % VECTOR != 0 || size > WIDEST_CHANNELS_LAST);
    if (x.layout() == Layout.CHANNELS_LAST && wrong) {
      throw new UnsupportedOperationException(
          "oneDNN's gradient of this is wrong in CHANNELS_LAST; use PLAIN or CHANNELS_BLOCKED: "
              + lowering);
    }
  }

  private static dnnl_primitive_desc forward(
      Op.Lrn op, int mode, dnnl_memory_desc x, dnnl_memory_desc y, Lowering lowering) {
    if (op.size() % 2 == 0) {
      throw new UnsupportedOperationException(
          "oneDNN's neighbourhoods have an odd size, the channel in the middle: " + lowering);
    }
    dnnl_primitive_attr attributes = lowering.attributes();
    return lowering.primitive(
        empty ->
            dnnl.dnnl_lrn_forward_primitive_desc_create(
                empty,
                CpuEngine.get(),
                mode,
                dnnl.dnnl_lrn_across_channels,
                x,
                y,
                op.size(),
                (float) (op.alpha() * op.size()),
                (float) op.beta(),
                (float) op.k(),
                attributes));
  }
}
