package dev.convoy.models.engine.onednn;

import dev.convoy.models.engine.backend.OperandTypes;
import dev.convoy.models.engine.ir.Layout;
import dev.convoy.models.engine.ir.Op;
import dev.convoy.models.engine.ir.TensorType;
import dev.convoy.models.engine.ir.Window;
import dev.convoy.models.engine.onednn.Stage.Argument;
import dev.convoy.models.engine.onednn.Stage.Input;
import dev.convoy.models.engine.onednn.Stage.Operand;
import dev.convoy.models.engine.onednn.Stage.Output;
import dev.convoy.models.engine.onednn.Stage.Temporary;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.dnnl.dnnl_memory_desc;

/**
 * The gradients of a 1x1 convolution with a stride, which sees one pixel of several: computed as
 * without a stride on a dense copy of those pixels, as ResNet's shortcuts are. In channels last the
 * library's own kernels for strides need two to four times as long as that for the kernel's
 * gradient in bfloat16 and for the image's gradient in either precision.
 */
final class StridedPointwise {
  private static final Window DENSE = Window.square(1, 1, 0);

  private StridedPointwise() {}

  static boolean is(Window window, int groups, TensorType image, TensorType result) {
    return window.height() == 1
        && window.width() == 1
        && Math.max(window.strideHeight(), window.strideWidth()) > 1
        && window.padTop() == 0
        && window.padLeft() == 0
        && isMultiple(image.shape().get(2), window.strideHeight(), result.shape().get(2))
        && isMultiple(image.shape().get(3), window.strideWidth(), result.shape().get(3))
        && groups == 1
        && image.layout() == Layout.CHANNELS_LAST
        && result.layout() == Layout.CHANNELS_LAST;
  }

  /** The library knows no tensor whose last pixel is followed by less than a whole stride. */
  private static boolean isMultiple(int side, int stride, int seen) {
    return side == stride * seen;
  }

  /** The pixels that are seen are copied, then their kernel's gradient is computed. */
  static Lowered backwardWeights(Op.ConvolutionBackwardWeights op, Lowering lowering) {
    TensorType x = lowering.input(0);
    TensorType pixels = pixels(x, lowering.input(1));
    List<TensorType> outputs = new ArrayList<>();
    for (int i = 0; i < lowering.outputs(); i++) {
      outputs.add(lowering.output(i));
    }
    Lowering dense =
        new Lowering(
            new Op.ConvolutionBackwardWeights(DENSE, 1, op.bias()),
            new OperandTypes(List.of(pixels, lowering.input(1)), outputs),
            lowering.descriptors(),
            lowering.scope());
    Lowered gradient =
        Convolutions.backwardWeights((Op.ConvolutionBackwardWeights) dense.op(), dense);
    Temporary copy = new Temporary(HostMemory.aligned(gradient.temporaryBytes()));
    List<Stage> stages = new ArrayList<>();
    stages.add(
        Rearrangements.reorder(
            lowering,
            view(lowering, x, pixels, op.window()),
            new Input(0),
            lowering.describe(pixels),
            copy));
    gradient.stages().forEach(stage -> stages.add(moved(stage, new Input(0), copy)));
    return new Lowered(
        stages, Optional.empty(), copy.offset() + lowering.descriptors().bytes(pixels));
  }

  /** The gradient of the pixels that are seen is computed, then written or added where they lie. */
  static Lowered backwardData(Op.ConvolutionBackwardData op, Lowering lowering) {
    TensorType dx = lowering.output(0);
    TensorType pixels = pixels(dx, lowering.input(0));
    Lowering dense =
        new Lowering(
            new Op.ConvolutionBackwardData(DENSE, 1, Op.Addend.ABSENT),
            new OperandTypes(List.of(lowering.input(0), lowering.input(1)), List.of(pixels)),
            lowering.descriptors(),
            lowering.scope());
    Lowered gradient = Convolutions.backwardData((Op.ConvolutionBackwardData) dense.op(), dense);
    Temporary copy = new Temporary(HostMemory.aligned(gradient.temporaryBytes()));
    boolean addend = op.addend() == Op.Addend.PRESENT;
    List<Stage> stages = new ArrayList<>();
    gradient.stages().forEach(stage -> stages.add(moved(stage, new Output(0), copy)));
    if (!addend) {
      stages.add(Rearrangements.zeros(lowering, dx, new Output(0)));
    }
    stages.add(
        scatter(
            lowering,
            lowering.describe(pixels),
            copy,
            view(lowering, dx, pixels, op.window()),
            addend));
    Lowered lowered =
        new Lowered(stages, Optional.empty(), copy.offset() + lowering.descriptors().bytes(pixels));
    return addend ? lowered.inPlaceOf(2) : lowered;
  }

  private static TensorType pixels(TensorType image, TensorType result) {
    return image.with(image.shape().with(2, result.shape().get(2)).with(3, result.shape().get(3)));
  }

  /** The pixels where they lie in the image. */
  private static dnnl_memory_desc view(
      Lowering lowering, TensorType image, TensorType pixels, Window window) {
    long channels = image.shape().channels();
    long row = channels * image.shape().get(3);
    long[] strides = {
      row * image.shape().get(2), 1, row * window.strideHeight(), channels * window.strideWidth()
    };
    return lowering.descriptors().strided(pixels, strides, lowering.scope());
  }

  private static Stage scatter(
      Lowering lowering,
      dnnl_memory_desc pixels,
      Operand from,
      dnnl_memory_desc view,
      boolean addend) {
    PostOperations after = lowering.postOperations();
    if (addend) {
      after.sum();
    }
    return Rearrangements.reorder(lowering, pixels, from, view, new Output(0), after.attributes());
  }

  /** A stage that reads or writes the copy in the place of an operand. */
  private static Stage moved(Stage stage, Operand operand, Temporary copy) {
    if (!(stage instanceof Stage.Primitive primitive)) {
      throw new IllegalArgumentException("a convolution is made of primitives, not " + stage);
    }
    return new Stage.Primitive(
        primitive.descriptor(),
        primitive.arguments().stream()
            .map(a -> a.operand().equals(operand) ? new Argument(a.number(), copy) : a)
            .toList());
  }
}
