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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DenseLayersTest {
  private static final OneDnnBackend BACKEND = OneDnnBackend.withThreads(1);

  private final Random random = new Random(12);

  @ParameterizedTest
  @CsvSource({
    "1, 7, 1, 1, 5, PLAIN, FLOAT32",
    "3, 129, 1, 1, 10, PLAIN, FLOAT32",
    "3, 17, 3, 2, 11, CHANNELS_BLOCKED, FLOAT32",
    "2, 16, 3, 3, 20, CHANNELS_LAST, FLOAT32",
    "5, 64, 1, 1, 10, PLAIN, BFLOAT16",
    "2, 32, 3, 2, 17, CHANNELS_BLOCKED, BFLOAT16",
  })
  void forwardAndBackward(
      int batch,
      int channels,
      int height,
      int width,
      int out,
      Layout.Standard layout,
      ElementType element) {
    Bfloat16Kernels.assume(element);
    boolean row = height * width == 1;
    Shape xShape = row ? Shape.of(batch, channels) : Shape.of(batch, channels, height, width);
    Shape wShape = row ? Shape.of(out, channels) : Shape.of(out, channels, height, width);
    Shape yShape = Shape.of(batch, out);
    float[] x = Reference.random(xShape, random);
    float[] w = Reference.random(wShape, random);
    float[] b = Reference.random(Shape.of(out), random);
    float[] dy = Reference.random(yShape, random);
    double[] y = Reference.zeros(yShape);
    double[] dx = Reference.zeros(xShape);
    double[] dw = Reference.zeros(wShape);
    double[] db = new double[out];
    int ins = channels * height * width;
    for (int n = 0; n < batch; n++) {
      for (int o = 0; o < out; o++) {
        double sum = b[o];
        double g = dy[n * out + o];
        for (int i = 0; i < ins; i++) {
          sum += (double) x[n * ins + i] * w[o * ins + i];
          dx[n * ins + i] += g * w[o * ins + i];
          dw[o * ins + i] += g * x[n * ins + i];
        }
        y[n * out + o] = Math.max(sum, 0);
        db[o] += g;
      }
    }
    TensorType xType = new TensorType(element, xShape, layout);
    TensorType dyType = new TensorType(element, yShape, Layout.PLAIN);
    TensorType wType = new TensorType(element, wShape, Layout.ANY);
    TensorType bType = TensorType.plain(Shape.of(out));
    double tolerance = element == ElementType.FLOAT32 ? Close.FLOAT32 : Close.BFLOAT16;
    try (TestProgram program = new TestProgram(BACKEND)) {
      Value xs = program.input(xShape, x);
      Value ws = program.input(wShape, w);
      Value bs = program.input(Shape.of(out), b);
      Value dys = program.input(yShape, dy);
      // Logits stay float32 also when what they are computed from is not.
      Value ys =
          program.result(
              program
                  .apply(
                      new Op.Dense(Op.Bias.PRESENT, Activation.RELU),
                      List.of(xs, ws, bs),
                      List.of(xType, wType, bType),
                      TensorType.plain(yShape))
                  .get(0));
      Value dxs =
          program.result(
              program
                  .apply(
                      new Op.DenseBackwardData(), List.of(dys, ws), List.of(dyType, wType), xType)
                  .get(0));
      List<Value> gradients =
          program.apply(
              new Op.DenseBackwardWeights(Op.Bias.PRESENT),
              List.of(xs, dys),
              List.of(xType, dyType),
              wType.with(ElementType.FLOAT32),
              bType);
      Value dws = program.result(gradients.get(0));
      Value dbs = program.result(gradients.get(1));
      program.run(0);
      Close.check("y", program.read(ys), y, tolerance);
      Close.check("dx", program.read(dxs), dx, tolerance);
      Close.check("dw", program.read(dws), dw, tolerance);
      Close.check("db", program.read(dbs), db, tolerance);
    }
  }
}
