package dev.convoy.models.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.models.engine.ir.ElementType;
import dev.convoy.models.engine.ir.Layout;
import dev.convoy.models.engine.ir.Op;
import dev.convoy.models.engine.ir.Shape;
import dev.convoy.models.engine.ir.TensorType;
import dev.convoy.models.engine.ir.Value;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocalResponseNormsTest {
  private static final OneDnnBackend BACKEND = OneDnnBackend.withThreads(1);
  // Large enough that an alpha divided by the size would be seen.
  private static final double ALPHA = 0.2;
  private static final double BETA = 0.75;
  private static final double K = 2;

  private final Random random = new Random(17);

  @ParameterizedTest
  @CsvSource({
    "1, 5, 5, PLAIN, FLOAT32",
    "2, 19, 7, PLAIN, BFLOAT16",
    "2, 5, 3, CHANNELS_LAST, FLOAT32",
    "2, 32, 5, CHANNELS_LAST, FLOAT32",
    "2, 48, 5, CHANNELS_LAST, BFLOAT16",
    "2, 32, 5, CHANNELS_BLOCKED, FLOAT32",
    "2, 19, 5, CHANNELS_BLOCKED, FLOAT32",
    "2, 32, 5, CHANNELS_BLOCKED, BFLOAT16",
    "2, 19, 7, CHANNELS_BLOCKED, BFLOAT16",
  })
  void forwardAndBackward(
      int batch, int channels, int size, Layout.Standard layout, ElementType element) {
    Bfloat16Kernels.assume(element);
    Shape shape = Shape.of(batch, channels, 4, 3);
    TensorType type = new TensorType(element, shape, layout);
    float[] x = Reference.random(shape, random);
    float[] dy = Reference.random(shape, random);
    double[] sums = new double[x.length];
    double[] y = new double[x.length];
    double[] dx = new double[x.length];
    neighbours(shape, size, (i, j, unused) -> sums[i] += ALPHA * x[j] * x[j]);
    for (int i = 0; i < x.length; i++) {
      sums[i] += K;
      y[i] = x[i] * Math.pow(sums[i], -BETA);
      dx[i] = dy[i] * Math.pow(sums[i], -BETA);
    }
    neighbours(
        shape,
        size,
        (i, j, unused) ->
            dx[j] -= dy[i] * x[i] * BETA * Math.pow(sums[i], -BETA - 1) * 2 * ALPHA * x[j]);
    double tolerance = element == ElementType.FLOAT32 ? Close.FLOAT32 : Close.BFLOAT16;
    try (TestProgram program = new TestProgram(BACKEND)) {
      Value xs = program.as(program.input(shape, x), type);
      Value dys = program.as(program.input(shape, dy), type);
      Op lrn = new Op.Lrn(size, ALPHA, BETA, K);
      List<Value> trained = program.apply(lrn, List.of(xs), type, TestProgram.workspace());
      Value inferred = program.result(program.apply(lrn, List.of(xs), type).get(0));
      Value gradient =
          program.result(
              program
                  .apply(
                      new Op.LrnBackward(size, ALPHA, BETA, K),
                      List.of(xs, dys, trained.get(1)),
                      type)
                  .get(0));
      Value result = program.result(trained.get(0));
      program.run(0);
      Close.check("training", program.read(result), y, tolerance);
      Close.check("inference", program.read(inferred), y, tolerance);
      Close.check("gradient", program.read(gradient), dx, tolerance);
    }
  }

  /** Visits each element i with each j in its neighbourhood. */
  private static void neighbours(Shape shape, int size, Reference.Product pair) {
    int area = shape.height() * shape.width();
    int all = (int) shape.elements();
    for (int i = 0; i < all; i++) {
      int c = Reference.channel(shape, i);
      for (int d = -(size / 2); d <= size / 2; d++) {
        if (c + d >= 0 && c + d < shape.channels()) {
          pair.at(i, i + d * area, 0);
        }
      }
    }
  }

  /** There the library's gradients are wrong; without a gradient it may compute. */
  @ParameterizedTest
  @CsvSource({"19, 5", "32, 7"})
  void refusesToTrainChannelsLastWhereTheLibraryErrs(int channels, int size) {
    TensorType type = TensorType.plain(Shape.of(1, channels, 2, 2)).with(Layout.CHANNELS_LAST);
    Op lrn = new Op.Lrn(size, ALPHA, BETA, K);
    try (TestProgram program = new TestProgram(BACKEND)) {
      assertThatThrownBy(
              () -> program.resolve(lrn, List.of(type), List.of(type, TestProgram.workspace())))
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining("PLAIN or CHANNELS_BLOCKED");
      assertThat(program.resolve(lrn, List.of(type), List.of(type)).outputs())
          .containsExactly(type);
    }
  }

  @Test
  void refusesAnEvenSize() {
    TensorType type = TensorType.plain(Shape.of(1, 8, 2, 2));
    try (TestProgram program = new TestProgram(BACKEND)) {
      assertThatThrownBy(
              () -> program.resolve(new Op.Lrn(4, ALPHA, BETA, K), List.of(type), List.of(type)))
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining("odd size");
    }
  }
}
