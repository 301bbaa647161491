package dev.convoy.models.engine;

import dev.convoy.models.engine.ir.Activation;
import dev.convoy.models.engine.ir.Op;
import dev.convoy.models.engine.ir.Shape;
import java.util.Random;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/** Elementwise functions, matrices and rows of probabilities. */
final class Pointwise {
  private Pointwise() {}

  static void map(double[] x, double[] y, DoubleUnaryOperator function) {
    for (int i = 0; i < y.length; i++) {
      y[i] = function.applyAsDouble(x[i]);
    }
  }

  static void combine(double[][] in, double[] y, DoubleBinaryOperator function) {
    for (int i = 0; i < y.length; i++) {
      y[i] = function.applyAsDouble(in[0][i], in[1][i]);
    }
  }

  static double activate(Activation activation, double x) {
    return switch (activation.function()) {
      case IDENTITY -> x;
      case RELU -> Math.max(x, 0);
      case LEAKY_RELU -> x > 0 ? x : activation.alpha() * x;
      case CLIPPED_RELU -> Math.min(Math.max(x, 0), activation.alpha());
      case ELU -> x > 0 ? x : activation.alpha() * Math.expm1(x);
      case TANH -> Math.tanh(x);
      case SIGMOID -> 1 / (1 + Math.exp(-x));
      case SOFTPLUS -> Math.log1p(Math.exp(x));
      case SWISH -> x / (1 + Math.exp(-x));
      case GELU -> throw new UnsupportedOperationException("no source writes GELU");
    };
  }

  static void mask(Op.DropoutMask op, double[] mask) {
    Random random = new Random(op.stream());
    map(mask, mask, zero -> random.nextDouble() < op.keep() ? 1 / op.keep() : 0);
  }

  static void dense(double[][] in, Shape y, double[] out) {
    int features = in[0].length / y.batch();
    for (int i = 0; i < out.length; i++) {
      int example = i / y.channels();
      int unit = i % y.channels();
      double sum = in.length > 2 ? in[2][unit] : 0;
      for (int f = 0; f < features; f++) {
        sum += in[0][example * features + f] * in[1][unit * features + f];
      }
      out[i] = sum;
    }
  }

  static void softmax(Shape shape, double[] logits, double[] out) {
    int classes = shape.channels();
    for (int row = 0; row < shape.batch(); row++) {
      double largest = Double.NEGATIVE_INFINITY;
      for (int c = 0; c < classes; c++) {
        largest = Math.max(largest, logits[row * classes + c]);
      }
      double sum = 0;
      for (int c = 0; c < classes; c++) {
        out[row * classes + c] = Math.exp(logits[row * classes + c] - largest);
        sum += out[row * classes + c];
      }
      for (int c = 0; c < classes; c++) {
        out[row * classes + c] /= sum;
      }
    }
  }

  /** logits, labels to losses, dlogits; labels sum to 1. */
  static void crossEntropy(Op.SoftmaxCrossEntropy op, Shape shape, double[][] in, double[][] out) {
    int classes = shape.channels();
    softmax(shape, in[0], out[1]);
    double[] mass = new double[shape.batch()];
    double[] wanted = new double[out[1].length];
    for (int i = 0; i < out[1].length; i++) {
      double weight = op.classWeights().isEmpty() ? 1 : op.classWeights().get(i % classes);
      wanted[i] = weight * ((1 - op.smoothing()) * in[1][i] + op.smoothing() / classes);
      mass[i / classes] += wanted[i];
      out[0][i / classes] -= op.weight() * wanted[i] * Math.log(out[1][i]);
    }
    for (int i = 0; i < out[1].length; i++) {
      out[1][i] = op.weight() * (mass[i / classes] * out[1][i] - wanted[i]);
    }
  }
}
