package dev.convoy.models.engine.onednn;

import dev.convoy.models.engine.ir.Activation;
import dev.convoy.models.engine.ir.ElementType;
import dev.convoy.models.engine.ir.Layout;
import dev.convoy.models.engine.ir.Op;
import dev.convoy.models.engine.ir.Shape;
import dev.convoy.models.engine.ir.TensorType;
import dev.convoy.models.engine.ir.Value;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ElementwiseTest {
  private static final OneDnnBackend BACKEND = OneDnnBackend.withThreads(1);
  private static final Shape SHAPE = Shape.of(3, 17, 5, 3);
  private static final List<TensorType> TYPES =
      Stream.of(
              TensorType.plain(SHAPE),
              TensorType.plain(Shape.of(3, 255)),
              TensorType.plain(SHAPE).with(Layout.CHANNELS_LAST),
              TensorType.plain(SHAPE).with(Layout.CHANNELS_BLOCKED),
              new TensorType(ElementType.BFLOAT16, SHAPE, Layout.CHANNELS_BLOCKED))
          .filter(type -> Bfloat16Kernels.activations().contains(type.element()))
          .toList();

  private final Random random = new Random(14);

  @ParameterizedTest
  @EnumSource
  void activations(Activation.Function function) {
    Activation activation =
        switch (function) {
          case LEAKY_RELU -> new Activation(function, 0.1);
          case CLIPPED_RELU -> new Activation(function, 1.5);
          case ELU -> new Activation(function, 0.7);
          default -> Activation.of(function);
        };
    for (TensorType type : TYPES) {
      check(activation, type);
    }
  }

  private void check(Activation activation, TensorType type) {
    float[] x = Reference.random(type.shape(), random);
    float[] dy = Reference.random(type.shape(), random);
    double[] y = new double[x.length];
    double[] dx = new double[x.length];
    DoubleUnaryOperator f = of(activation);
    for (int i = 0; i < x.length; i++) {
      // Exact in bfloat16, and away from where a function has a corner.
      x[i] = Math.round(x[i] * 16) / 16f + 1 / 32f;
      y[i] = f.applyAsDouble(x[i]);
      double h = 1e-6;
      dx[i] = dy[i] * (f.applyAsDouble(x[i] + h) - f.applyAsDouble(x[i] - h)) / (2 * h);
    }
    double tolerance = type.element() == ElementType.FLOAT32 ? Close.FLOAT32 : Close.BFLOAT16;
    try (TestProgram program = new TestProgram(BACKEND)) {
      Value xs = program.as(program.input(type.shape(), x), type);
      Value dys = program.as(program.input(type.shape(), dy), type);
      Op forward = new Op.Activate(activation);
      Value ys = program.apply(forward, List.of(xs), type).get(0);
      boolean fromInput = activation.backwardFrom() == Activation.BackwardFrom.INPUT;
      List<Value> operands = List.of(fromInput ? xs : ys, dys);
      Op backward = new Op.ActivateBackward(activation);
      Value result = program.result(ys);
      Value overwritten = program.result(program.applyInPlace(forward, List.of(xs), 0, type));
      Value gradient = program.result(program.apply(backward, operands, type).get(0));
      Value overwrittenGradient = program.result(program.applyInPlace(backward, operands, 1, type));
      program.run(0);
      String what = activation + " " + type;
      Close.check(what, program.read(result), y, tolerance);
      Close.check(what + " in place", program.read(overwritten), y, tolerance);
      Close.check("gradient of " + what, program.read(gradient), dx, tolerance);
      Close.check("gradient in place of " + what, program.read(overwrittenGradient), dx, tolerance);
    }
  }

  private static DoubleUnaryOperator of(Activation activation) {
    double alpha = activation.alpha();
    return switch (activation.function()) {
      case IDENTITY -> x -> x;
      case RELU -> x -> Math.max(x, 0);
      case LEAKY_RELU -> x -> x > 0 ? x : alpha * x;
      case CLIPPED_RELU -> x -> Math.min(Math.max(x, 0), alpha);
      case ELU -> x -> x > 0 ? x : alpha * Math.expm1(x);
      case TANH -> Math::tanh;
      case SIGMOID -> x -> 1 / (1 + Math.exp(-x));
      case SOFTPLUS -> x -> Math.log1p(Math.exp(x));
      case SWISH -> x -> x / (1 + Math.exp(-x));
      case GELU -> ElementwiseTest::gelu;
    };
  }

  /** x Phi(x), Phi by summing the density's series (Abramowitz and Stegun 26.2.11). */
  private static double gelu(double x) {
    double term = x;
    double sum = x;
    for (int i = 1; i < 200; i++) {
      term *= x * x / (2 * i + 1);
      sum += term;
    }
    return x * (0.5 + sum * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI));
  }

  @Test
  void sumsAndProducts() {
    for (TensorType type : TYPES) {
      float[] a = Reference.random(type.shape(), random);
      float[] b = Reference.random(type.shape(), random);
      double[] sum = new double[a.length];
      double[] product = new double[a.length];
      for (int i = 0; i < a.length; i++) {
        sum[i] = Math.max(a[i] + b[i], 0);
        product[i] = a[i] * b[i];
      }
      double tolerance = type.element() == ElementType.FLOAT32 ? Close.FLOAT32 : Close.BFLOAT16;
      try (TestProgram program = new TestProgram(BACKEND)) {
        Value as = program.as(program.input(type.shape(), a), type);
        Value bs = program.as(program.input(type.shape(), b), type);
        List<Value> operands = List.of(as, bs);
        Op add = new Op.Add(Activation.RELU);
        List<Value> sums =
            List.of(
                program.result(program.apply(add, operands, type).get(0)),
                program.result(program.applyInPlace(add, operands, 0, type)),
                program.result(program.applyInPlace(add, operands, 1, type)));
        List<Value> products =
            List.of(
                program.result(program.apply(new Op.Multiply(), operands, type).get(0)),
                program.result(program.applyInPlace(new Op.Multiply(), operands, 1, type)));
        program.run(0);
        sums.forEach(value -> Close.check("a + b", program.read(value), sum, tolerance));
        products.forEach(value -> Close.check("a * b", program.read(value), product, tolerance));
      }
    }
  }

  /** As dropout does: a mask, row-major, on an activation that is not. */
  @Test
  void productsAcrossLayouts() {
    float[] a = Reference.random(SHAPE, random);
    float[] b = Reference.random(SHAPE, random);
    double[] product = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      product[i] = a[i] * b[i];
    }
    for (Layout layout : List.of(Layout.CHANNELS_LAST, Layout.CHANNELS_BLOCKED)) {
      TensorType type = TensorType.plain(SHAPE).with(layout);
      try (TestProgram program = new TestProgram(BACKEND)) {
        Value as = program.as(program.input(SHAPE, a), type);
        List<Value> operands = List.of(as, program.input(SHAPE, b));
        Value result = program.result(program.apply(new Op.Multiply(), operands, type).get(0));
        Close.check("a * b", program.run(0).read(result), product, Close.FLOAT32);
      }
    }
  }

  @Test
  void softmax() {
    for (ElementType element : Bfloat16Kernels.activations()) {
      Shape shape = Shape.of(3, 11);
      float[] x = Reference.random(shape, random);
      double[] y = new double[x.length];
      for (int row = 0; row < 3; row++) {
        double sum = 0;
        for (int i = 0; i < 11; i++) {
          sum += Math.exp(x[row * 11 + i]);
        }
        for (int i = 0; i < 11; i++) {
          y[row * 11 + i] = Math.exp(x[row * 11 + i]) / sum;
        }
      }
      try (TestProgram program = new TestProgram(BACKEND)) {
        Value xs = program.as(program.input(shape, x), TensorType.plain(shape).with(element));
        Value ys =
            program.result(
                program.apply(new Op.Softmax(), List.of(xs), TensorType.plain(shape)).get(0));
        double tolerance = element == ElementType.FLOAT32 ? 1e-6 : Close.BFLOAT16;
        Close.check("softmax of " + element, program.run(0).read(ys), y, tolerance);
      }
    }
  }
}
