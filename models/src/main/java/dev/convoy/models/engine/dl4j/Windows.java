package dev.convoy.models.engine.dl4j;

import dev.convoy.models.engine.ir.Shape;
import dev.convoy.models.engine.ir.Window;
import org.deeplearning4j.nn.conf.ConvolutionMode;

/** DL4J's kernels, strides and convolution modes as windows. */
final class Windows {
  private Windows() {}

  /**
   * The window over an image. SAME pads so that the output has {@code ceil(input / stride)} pixels,
   * the odd one at the bottom and the right, as TensorFlow does.
   *
   * @throws IllegalArgumentException if the mode is Strict and the windows do not end at the border
   */
  static Window of(
      int[] kernel, int[] stride, int[] padding, int[] dilation, ConvolutionMode mode, Shape in) {
    if (in.rank() != 4) {
      throw new IllegalArgumentException("its input " + in + " is not an image");
    }
    int[] before = new int[2];
    int[] after = new int[2];
    for (int side = 0; side < 2; side++) {
      int pixels = in.get(2 + side);
      int reach = (kernel[side] - 1) * dilation[side] + 1;
      if (mode == ConvolutionMode.Same) {
        int windows = (pixels + stride[side] - 1) / stride[side];
        int total = Math.max(0, (windows - 1) * stride[side] + reach - pixels);
        before[side] = total / 2;
        after[side] = total - before[side];
      } else {
        before[side] = padding[side];
        after[side] = padding[side];
        int rest = (pixels + 2 * padding[side] - reach) % stride[side];
        if (mode == ConvolutionMode.Strict && rest != 0) {
          throw new IllegalArgumentException(
              "in mode Strict "
                  + rest
                  + " pixels of "
                  + in
                  + " are left over; change the padding or use Truncate");
        }
      }
    }
    return new Window(
        kernel[0],
        kernel[1],
        stride[0],
        stride[1],
        dilation[0],
        dilation[1],
        before[0],
        before[1],
        after[0],
        after[1]);
  }

  /** The output's shape. */
  static Shape output(Window window, Shape in, int channels) {
    return Shape.of(
        in.batch(), channels, window.outputHeight(in.height()), window.outputWidth(in.width()));
  }

  /** A window of the whole image. */
  static Window whole(Shape in) {
    return new Window(in.height(), in.width(), 1, 1, 1, 1, 0, 0, 0, 0);
  }
}
