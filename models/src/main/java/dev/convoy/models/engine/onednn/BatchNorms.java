package dev.convoy.models.engine.onednn;

import dev.convoy.models.engine.ir.Activation;
import dev.convoy.models.engine.ir.Op;
import dev.convoy.models.engine.onednn.Stage.Argument;
import dev.convoy.models.engine.onednn.Stage.Input;
import dev.convoy.models.engine.onednn.Stage.Output;
import dev.convoy.models.engine.onednn.Stage.Temporary;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_attr;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.dnnl.global.dnnl;

/** Batch normalisation forward and backward, by the batch's statistics and by given ones. */
final class BatchNorms {
  private static final int SCALE_AND_SHIFT = dnnl.dnnl_use_scale | dnnl.dnnl_use_shift;

  private BatchNorms() {}

  static Lowered forward(Op.BatchNorm op, Lowering lowering) {
    boolean relu = isRelu(op.activation(), lowering);
    dnnl_primitive_desc made =
        forward(
            lowering,
            dnnl.dnnl_forward_training,
            lowering.describe(lowering.input(0)),
            lowering.describe(lowering.output(0)),
            op.epsilon(),
            flags(SCALE_AND_SHIFT, relu));
    List<Argument> arguments = new ArrayList<>();
    arguments.add(new Argument(dnnl.DNNL_ARG_SRC, new Input(0)));
    arguments.add(new Argument(dnnl.DNNL_ARG_SCALE, new Input(1)));
    arguments.add(new Argument(dnnl.DNNL_ARG_SHIFT, new Input(2)));
    arguments.add(new Argument(dnnl.DNNL_ARG_DST, new Output(0)));
    arguments.add(new Argument(dnnl.DNNL_ARG_MEAN, new Output(1)));
    arguments.add(new Argument(dnnl.DNNL_ARG_VARIANCE, new Output(2)));
    if (relu) {
      arguments.add(new Argument(dnnl.DNNL_ARG_WORKSPACE, new Output(3)));
    }
    return Lowered.primitive(made, arguments);
  }

  static Lowered backward(Op.BatchNormBackward op, Lowering lowering) {
    boolean relu = isRelu(op.activation(), lowering);
    int flags = flags(SCALE_AND_SHIFT, relu);
    dnnl_memory_desc xs = lowering.describe(lowering.input(0));
    dnnl_memory_desc dys = lowering.describe(lowering.input(4));
    dnnl_memory_desc dxs = lowering.describe(lowering.output(0));
    dnnl_primitive_desc forward =
        forward(lowering, dnnl.dnnl_forward_training, xs, xs, op.epsilon(), flags);
    dnnl_primitive_desc made =
        backward(lowering, dnnl.dnnl_backward, dxs, dys, xs, op.epsilon(), flags, forward);
    List<Argument> arguments = new ArrayList<>();
    arguments.add(new Argument(dnnl.DNNL_ARG_SRC, new Input(0)));
    arguments.add(new Argument(dnnl.DNNL_ARG_MEAN, new Input(1)));
    arguments.add(new Argument(dnnl.DNNL_ARG_VARIANCE, new Input(2)));
    arguments.add(new Argument(dnnl.DNNL_ARG_SCALE, new Input(3)));
    arguments.add(new Argument(dnnl.DNNL_ARG_DIFF_DST, new Input(4)));
    if (relu) {
      arguments.add(new Argument(dnnl.DNNL_ARG_WORKSPACE, new Input(5)));
    }
    arguments.add(new Argument(dnnl.DNNL_ARG_DIFF_SRC, new Output(0)));
    arguments.add(new Argument(dnnl.DNNL_ARG_DIFF_SCALE, new Output(1)));
    arguments.add(new Argument(dnnl.DNNL_ARG_DIFF_SHIFT, new Output(2)));
    return Lowered.primitive(made, arguments);
  }

  static Lowered fixed(Op.FixedBatchNorm op, Lowering lowering) {
    boolean relu = isRelu(op.activation(), lowering);
    dnnl_primitive_desc made =
        forward(
            lowering,
            dnnl.dnnl_forward_inference,
            lowering.describe(lowering.input(0)),
            lowering.describe(lowering.output(0)),
            op.epsilon(),
            flags(SCALE_AND_SHIFT | dnnl.dnnl_use_global_stats, relu));
    return Lowered.primitive(
        made,
        new Argument(dnnl.DNNL_ARG_SRC, new Input(0)),
        new Argument(dnnl.DNNL_ARG_SCALE, new Input(1)),
        new Argument(dnnl.DNNL_ARG_SHIFT, new Input(2)),
        new Argument(dnnl.DNNL_ARG_MEAN, new Input(3)),
        new Argument(dnnl.DNNL_ARG_VARIANCE, new Input(4)),
        new Argument(dnnl.DNNL_ARG_DST, new Output(0)));
  }

  /**
   * The primitive also asks for x and the mean, which the gradient of x does not depend on when the
   * statistics are given: dy and the variance stand in for them. Nobody reads the gradient of
   * gamma.
   */
  static Lowered fixedBackward(Op.FixedBatchNormBackward op, Lowering lowering) {
    int flags = dnnl.dnnl_use_scale | dnnl.dnnl_use_global_stats;
    dnnl_memory_desc dys = lowering.describe(lowering.input(0));
    dnnl_memory_desc dxs = lowering.describe(lowering.output(0));
    dnnl_primitive_desc forward =
        forward(lowering, dnnl.dnnl_forward_training, dys, dys, op.epsilon(), flags);
    dnnl_primitive_desc made =
        backward(lowering, dnnl.dnnl_backward_data, dxs, dys, dys, op.epsilon(), flags, forward);
    List<Argument> arguments =
        List.of(
            new Argument(dnnl.DNNL_ARG_SRC, new Input(0)),
            new Argument(dnnl.DNNL_ARG_DIFF_DST, new Input(0)),
            new Argument(dnnl.DNNL_ARG_SCALE, new Input(1)),
            new Argument(dnnl.DNNL_ARG_MEAN, new Input(2)),
            new Argument(dnnl.DNNL_ARG_VARIANCE, new Input(2)),
            new Argument(dnnl.DNNL_ARG_DIFF_SRC, new Output(0)),
            new Argument(dnnl.DNNL_ARG_DIFF_SCALE, new Temporary(0)));
    long unused = lowering.descriptors().bytes(lowering.input(1));
    return new Lowered(List.of(new Stage.Primitive(made, arguments)), Optional.empty(), unused);
  }

  private static dnnl_primitive_desc forward(
      Lowering lowering,
      int mode,
      dnnl_memory_desc x,
      dnnl_memory_desc y,
      double epsilon,
      int flags) {
    dnnl_primitive_attr attributes = lowering.attributes();
    return lowering.primitive(
        empty ->
            dnnl.dnnl_batch_normalization_forward_primitive_desc_create(
                empty, CpuEngine.get(), mode, x, y, (float) epsilon, flags, attributes));
  }

  private static dnnl_primitive_desc backward(
      Lowering lowering,
      int mode,
      dnnl_memory_desc dx,
      dnnl_memory_desc dy,
      dnnl_memory_desc x,
      double epsilon,
      int flags,
      dnnl_primitive_desc forward) {
    dnnl_primitive_attr attributes = lowering.attributes();
    return lowering.primitive(
        empty ->
            dnnl.dnnl_batch_normalization_backward_primitive_desc_create(
                empty,
                CpuEngine.get(),
                mode,
                dx,
                dy,
                x,
                (float) epsilon,
                flags,
                forward,
                attributes));
  }

  private static int flags(int flags, boolean relu) {
    return relu ? flags | dnnl.dnnl_fuse_norm_relu : flags;
  }

  private static boolean isRelu(Activation activation, Lowering lowering) {
    if (activation.isIdentity()) {
      return false;
    } else if (activation.equals(Activation.RELU)) {
      return true;
    }
    throw new UnsupportedOperationException(
        "a batch norm's activation is IDENTITY or RELU: " + lowering);
  }
}
