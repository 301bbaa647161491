package dev.convoy.models.engine;

import dev.convoy.models.engine.ir.Op;
import dev.convoy.models.engine.ir.Shape;
import dev.convoy.models.engine.ir.Window;
import java.util.function.IntBinaryOperator;

/** Convolution and pooling, pixel by pixel. */
final class Windowed {
  private Windowed() {}

  static void convolution(Op.Convolution op, Shape x, double[][] in, Shape y, double[] out) {
    Window window = op.window();
    int inputs = x.channels() / op.groups();
    int outputs = y.channels() / op.groups();
    for (int index = 0; index < out.length; index++) {
      int column = index % y.width();
      int row = index / y.width() % y.height();
      int channel = index / y.width() / y.height() % y.channels();
      int example = index / y.width() / y.height() / y.channels();
      double sum = op.bias() == Op.Bias.PRESENT ? in[2][channel] : 0;
      for (int i = 0; i < inputs; i++) {
        int source = example * x.channels() + channel / outputs * inputs + i;
        for (int tap = 0; tap < window.height() * window.width(); tap++) {
          int pixel = pixel(window, x, row, column, tap);
          if (pixel >= 0) {
            int weight = (channel * inputs + i) * window.height() * window.width() + tap;
            sum += in[0][source * x.height() * x.width() + pixel] * in[1][weight];
          }
        }
      }
      out[index] = sum;
    }
  }

  static void pool(Op.Pool op, Shape x, double[] in, Shape y, double[] out) {
    Window window = op.window();
    for (int index = 0; index < out.length; index++) {
      int column = index % y.width();
      int row = index / y.width() % y.height();
      int plane = index / y.width() / y.height();
      double sum = 0;
      double largest = Double.NEGATIVE_INFINITY;
      int seen = 0;
      for (int tap = 0; tap < window.height() * window.width(); tap++) {
        int pixel = pixel(window, x, row, column, tap);
        if (pixel >= 0) {
          double value = in[plane * x.height() * x.width() + pixel];
          sum += value;
          largest = Math.max(largest, value);
          seen++;
        }
      }
      out[index] =
          switch (op.kind()) {
            case MAX -> largest;
            case AVERAGE -> sum / seen;
            case AVERAGE_WITH_PADDING -> sum / (window.height() * window.width());
          };
    }
  }

  /** The pixel under a tap of the window, or -1 in the padding. */
  private static int pixel(Window window, Shape x, int row, int column, int tap) {
    IntBinaryOperator inside = (at, size) -> at >= 0 && at < size ? at : -1;
    int h =
        inside.applyAsInt(
            row * window.strideHeight()
                - window.padTop()
                + tap / window.width() * window.dilationHeight(),
            x.height());
    int w =
        inside.applyAsInt(
            column * window.strideWidth()
                - window.padLeft()
                + tap % window.width() * window.dilationWidth(),
            x.width());
    return h < 0 || w < 0 ? -1 : h * x.width() + w;
  }
}
