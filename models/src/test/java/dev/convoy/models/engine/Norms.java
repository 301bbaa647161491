package dev.convoy.models.engine;

import dev.convoy.models.engine.ir.Op;
import dev.convoy.models.engine.ir.Shape;

/** Normalisations. */
final class Norms {
  private Norms() {}

  /** x, gamma, beta to y, mean, variance. */
  static void batch(double epsilon, Shape shape, double[][] in, double[][] out) {
    int count = (int) (shape.elements() / shape.channels());
    for (int i = 0; i < in[0].length; i++) {
      out[1][channel(shape, i)] += in[0][i] / count;
    }
    for (int i = 0; i < in[0].length; i++) {
      double deviation = in[0][i] - out[1][channel(shape, i)];
      out[2][channel(shape, i)] += deviation * deviation / count;
    }
    fixed(epsilon, shape, in[0], in[1], in[2], out[1], out[2], out[0]);
  }

  static void fixed(
      double epsilon,
      Shape shape,
      double[] x,
      double[] gamma,
      double[] beta,
      double[] mean,
      double[] variance,
      double[] y) {
    for (int i = 0; i < x.length; i++) {
      int c = channel(shape, i);
      y[i] = gamma[c] * (x[i] - mean[c]) / Math.sqrt(variance[c] + epsilon) + beta[c];
    }
  }

  static void running(Op.RunningStatistics op, double[][] in, double[][] out) {
    for (int c = 0; c < in[0].length; c++) {
      out[0][c] = (1 - op.decay()) * (in[2][c] - in[0][c]);
      out[1][c] = (1 - op.decay()) * (in[3][c] - op.varianceFactor() * in[1][c]);
    }
  }

  static void lrn(Op.Lrn op, Shape shape, double[] x, double[] y) {
    int plane = shape.height() * shape.width();
    for (int i = 0; i < x.length; i++) {
      int c = channel(shape, i);
      double squares = 0;
      for (int d = -(op.size() / 2); d <= op.size() / 2; d++) {
        if (c + d >= 0 && c + d < shape.channels()) {
          squares += x[i + d * plane] * x[i + d * plane];
        }
      }
      y[i] = x[i] * Math.pow(op.k() + op.alpha() * squares, -op.beta());
    }
  }

  private static int channel(Shape shape, int index) {
    return index / (shape.height() * shape.width()) % shape.channels();
  }
}
