package dev.convoy.models.engine.onednn;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.models.engine.ir.Activation;
import dev.convoy.models.engine.ir.ElementType;
import dev.convoy.models.engine.ir.Layout;
import dev.convoy.models.engine.ir.Op;
import dev.convoy.models.engine.ir.Shape;
import dev.convoy.models.engine.ir.TensorType;
import dev.convoy.models.engine.ir.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchNormsTest {
  private static final double EPSILON = 1e-3;
  private static final OneDnnBackend BACKEND = OneDnnBackend.withThreads(1);

  private final Random random = new Random(11);

  @ParameterizedTest
  @CsvSource({
    "1, 5, 7, 3, PLAIN, FLOAT32, RELU",
    "3, 17, 5, 4, CHANNELS_BLOCKED, FLOAT32, RELU",
    "2, 16, 9, 9, CHANNELS_BLOCKED, FLOAT32, IDENTITY",
    "2, 13, 6, 5, CHANNELS_LAST, FLOAT32, RELU",
    "5, 19, 1, 1, CHANNELS_LAST, FLOAT32, IDENTITY",
    "4, 32, 6, 5, CHANNELS_BLOCKED, BFLOAT16, RELU",
    "4, 20, 6, 5, CHANNELS_LAST, BFLOAT16, RELU",
  })
  void forwardAndBackward(
      int batch,
      int channels,
      int height,
      int width,
      Layout.Standard layout,
      ElementType element,
      Activation.Function function) {
    Bfloat16Kernels.assume(element);
    Shape shape = Shape.of(batch, channels, height, width);
    TensorType image = new TensorType(element, shape, layout);
    TensorType perChannel = TensorType.plain(Shape.of(channels));
    boolean relu = function == Activation.Function.RELU;
    Activation activation = Activation.of(function);
    float[] x = Reference.random(shape, random);
    float[] dy = Reference.random(shape, random);
    float[] gamma = Reference.random(Shape.of(channels), random);
    float[] beta = Reference.random(Shape.of(channels), random);
    BatchNormReference expected = new BatchNormReference(shape, EPSILON, relu);
    expected.run(x, gamma, beta, dy);
    double tolerance = element == ElementType.FLOAT32 ? Close.FLOAT32 : Close.BFLOAT16;
    try (TestProgram program = new TestProgram(BACKEND)) {
      Value xs = program.as(program.input(shape, x), image);
      Value dys = program.as(program.input(shape, dy), image);
      Value scale = program.input(Shape.of(channels), gamma);
      Value shift = program.input(Shape.of(channels), beta);
      List<TensorType> outputs = new ArrayList<>(List.of(image, perChannel, perChannel));
      if (relu) {
        outputs.add(TestProgram.workspace());
      }
      List<Value> forward =
          program.apply(
              new Op.BatchNorm(EPSILON, activation),
              List.of(xs, scale, shift),
              outputs.toArray(TensorType[]::new));
      List<Value> operands =
          new ArrayList<>(List.of(xs, forward.get(1), forward.get(2), scale, dys));
      if (relu) {
        operands.add(forward.get(3));
      }
      List<Value> backward =
          program.apply(
              new Op.BatchNormBackward(EPSILON, activation),
              operands,
              image,
              perChannel,
              perChannel);
      List<Value> results = new ArrayList<>();
      forward.subList(0, 3).forEach(value -> results.add(program.result(value)));
      backward.forEach(value -> results.add(program.result(value)));
      results.add(
          program.result(
              program.applyInPlace(
                  new Op.BatchNormBackward(EPSILON, activation),
                  operands,
                  4,
                  image,
                  perChannel,
                  perChannel)));
      program.run(0);
      List<double[]> references =
          List.of(
              expected.y,
              expected.mean,
              expected.variance,
              expected.dx,
              expected.dgamma,
              expected.dbeta,
              expected.dx);
      for (int i = 0; i < references.size(); i++) {
        Close.check("output " + i, program.read(results.get(i)), references.get(i), tolerance);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, 5, PLAIN, FLOAT32, RELU",
    "2, 17, CHANNELS_BLOCKED, FLOAT32, IDENTITY",
    "2, 17, CHANNELS_LAST, FLOAT32, RELU",
    "2, 32, CHANNELS_BLOCKED, BFLOAT16, RELU",
  })
  void withGivenStatistics(
      int batch,
      int channels,
      Layout.Standard layout,
      ElementType element,
      Activation.Function function) {
    Bfloat16Kernels.assume(element);
    Shape shape = Shape.of(batch, channels, 5, 3);
    TensorType image = new TensorType(element, shape, layout);
    float[] x = Reference.random(shape, random);
    float[] gamma = Reference.random(Shape.of(channels), random);
    float[] beta = Reference.random(Shape.of(channels), random);
    float[] mean = Reference.random(Shape.of(channels), random);
    float[] variance = new float[channels];
    double[] y = new double[x.length];
    double[] dx = new double[x.length];
    for (int c = 0; c < channels; c++) {
      variance[c] = 0.1f + random.nextFloat();
    }
    for (int i = 0; i < x.length; i++) {
      int c = Reference.channel(shape, i);
      double factor = gamma[c] / Math.sqrt(variance[c] + EPSILON);
      y[i] = (x[i] - mean[c]) * factor + beta[c];
      dx[i] = x[i] * factor;
      if (function == Activation.Function.RELU) {
        y[i] = Math.max(y[i], 0);
      }
    }
    try (TestProgram program = new TestProgram(BACKEND)) {
      Value xs = program.as(program.input(shape, x), image);
      Value scale = program.input(Shape.of(channels), gamma);
      Value shift = program.input(Shape.of(channels), beta);
      Value center = program.input(Shape.of(channels), mean);
      Value spread = program.input(Shape.of(channels), variance);
      Op fixed = new Op.FixedBatchNorm(EPSILON, Activation.of(function));
      List<Value> operands = List.of(xs, scale, shift, center, spread);
      Value ys = program.result(program.apply(fixed, operands, image).get(0));
      Value overwritten = program.result(program.applyInPlace(fixed, operands, 0, image));
      Op backward = new Op.FixedBatchNormBackward(EPSILON);
      List<Value> gradient = List.of(xs, scale, spread);
      Value dxs = program.result(program.apply(backward, gradient, image).get(0));
      Value dxOverwritten = program.result(program.applyInPlace(backward, gradient, 0, image));
      program.run(0);
      double tolerance = element == ElementType.FLOAT32 ? Close.FLOAT32 : Close.BFLOAT16;
      Close.check("y", program.read(ys), y, tolerance);
      Close.check("y in place", program.read(overwritten), y, tolerance);
      Close.check("dx", program.read(dxs), dx, tolerance);
      Close.check("dx in place", program.read(dxOverwritten), dx, tolerance);
    }
  }

  @Test
  void foldsIntoAConvolution() {
    Shape w = Shape.of(7, 3, 3, 2);
    Shape perChannel = Shape.of(7);
    float[] kernel = Reference.random(w, random);
    List<float[]> vectors = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      vectors.add(Reference.random(perChannel, random));
    }
    float[] variance = vectors.get(3);
    for (int c = 0; c < 7; c++) {
      variance[c] = Math.abs(variance[c]);
    }
    for (Op.Bias bias : Op.Bias.values()) {
      int given = bias == Op.Bias.PRESENT ? 5 : 4;
      double[] foldedKernel = new double[kernel.length];
      double[] foldedBias = new double[7];
      for (int c = 0; c < 7; c++) {
        double factor = vectors.get(0)[c] / Math.sqrt(variance[c] + EPSILON);
        double before = given == 5 ? vectors.get(4)[c] : 0;
        foldedBias[c] = vectors.get(1)[c] + (before - vectors.get(2)[c]) * factor;
        for (int i = 0; i < 18; i++) {
          foldedKernel[c * 18 + i] = kernel[c * 18 + i] * factor;
        }
      }
      try (TestProgram program = new TestProgram(BACKEND)) {
        List<Value> operands = new ArrayList<>();
        operands.add(program.input(w, kernel));
        vectors.subList(0, given).forEach(v -> operands.add(program.input(perChannel, v)));
        List<Value> folded =
            program.apply(
                new Op.FoldBatchNorm(EPSILON, bias),
                operands,
                TensorType.plain(w),
                TensorType.plain(perChannel));
        Value kernelResult = program.result(folded.get(0));
        Value biasResult = program.result(folded.get(1));
        program.run(0);
        Close.check("kernel", program.read(kernelResult), foldedKernel, 1e-6);
        Close.check("bias", program.read(biasResult), foldedBias, 1e-6);
      }
    }
  }

  @Test
  void movesRunningStatistics() {
    Shape shape = Shape.of(37);
    List<float[]> operands = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      operands.add(Reference.random(shape, random));
    }
    double[] mean = new double[37];
    double[] variance = new double[37];
    for (int c = 0; c < 37; c++) {
      mean[c] = 0.1 * (operands.get(2)[c] - operands.get(0)[c]);
      variance[c] = 0.1 * (operands.get(3)[c] - 1.25 * operands.get(1)[c]);
    }
    try (TestProgram program = new TestProgram(BACKEND)) {
      TensorType type = TensorType.plain(shape);
      List<Value> gradients =
          program.apply(
              new Op.RunningStatistics(0.9, 1.25),
              operands.stream().map(values -> program.input(shape, values)).toList(),
              type,
              type);
      Value means = program.result(gradients.get(0));
      Value variances = program.result(gradients.get(1));
      program.run(0);
      Close.check("mean", program.read(means), mean, 1e-6);
      Close.check("variance", program.read(variances), variance, 1e-6);
    }
  }

  @Test
  void refusesOtherActivations() {
    TensorType image = TensorType.plain(Shape.of(1, 2, 3, 4));
    TensorType vector = TensorType.plain(Shape.of(2));
    Activation tanh = Activation.of(Activation.Function.TANH);
    try (TestProgram program = new TestProgram(BACKEND)) {
      assertThatThrownBy(
              () ->
                  program.resolve(
                      new Op.BatchNorm(EPSILON, tanh),
                      List.of(image, vector, vector),
                      Collections.nCopies(3, image)))
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining("IDENTITY or RELU");
    }
  }
}
