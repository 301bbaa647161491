package dev.convoy.models.engine.onednn;

import dev.convoy.models.engine.ir.Shape;
import dev.convoy.models.engine.ir.Window;
import java.util.Random;

/** Naive loops in float64 over row-major arrays, to compare with. */
final class Reference {
  private Reference() {}

  /** What a convolution multiplies: an element of x, one of w, into one of y. */
  interface Product {
    void at(int x, int w, int y);
  }

  static Shape convolved(Shape x, int out, Window window) {
    return Shape.of(x.batch(), out, window.outputHeight(x.height()), window.outputWidth(x.width()));
  }

  /** Visits every product of a convolution. */
  static void convolve(Shape x, Shape w, Shape y, Window window, int groups, Product product) {
    int outs = w.get(0) / groups;
    int ins = w.get(1);
    for (int n = 0; n < y.batch(); n++) {
      for (int o = 0; o < y.channels(); o++) {
        for (int c = 0; c < ins; c++) {
          int channel = o / outs * ins + c;
          int kernel = (o * ins + c) * w.get(2) * w.get(3);
          int source = (n * x.channels() + channel) * x.height() * x.width();
          int target = (n * y.channels() + o) * y.height() * y.width();
          slide(
              x,
              y,
              window,
              (pixel, inWindow, result) ->
                  product.at(source + pixel, kernel + inWindow, target + result));
        }
      }
    }
  }

  /** Visits every pixel that a window sees in one channel, with its place in the window. */
  static void slide(Shape x, Shape y, Window window, Product product) {
    for (int row = 0; row < y.height(); row++) {
      for (int column = 0; column < y.width(); column++) {
        for (int i = 0; i < window.height(); i++) {
          for (int j = 0; j < window.width(); j++) {
            int from = row * window.strideHeight() - window.padTop() + i * window.dilationHeight();
            int at = column * window.strideWidth() - window.padLeft() + j * window.dilationWidth();
            if (from >= 0 && from < x.height() && at >= 0 && at < x.width()) {
              product.at(from * x.width() + at, i * window.width() + j, row * y.width() + column);
            }
          }
        }
      }
    }
  }

  /** Channel of an element of an image or a row of features. */
  static int channel(Shape shape, int index) {
    int area = shape.height() * shape.width();
    return index / area % shape.channels();
  }

  static float[] random(Shape shape, Random random) {
    float[] values = new float[Math.toIntExact(shape.elements())];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  static double[] zeros(Shape shape) {
    return new double[Math.toIntExact(shape.elements())];
  }
}
