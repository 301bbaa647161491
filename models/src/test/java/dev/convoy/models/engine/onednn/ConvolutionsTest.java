package dev.convoy.models.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.models.engine.backend.OperandTypes;
import dev.convoy.models.engine.ir.Activation;
import dev.convoy.models.engine.ir.ElementType;
import dev.convoy.models.engine.ir.Layout;
import dev.convoy.models.engine.ir.Op;
import dev.convoy.models.engine.ir.Shape;
import dev.convoy.models.engine.ir.TensorType;
import dev.convoy.models.engine.ir.Value;
import dev.convoy.models.engine.ir.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConvolutionsTest {
  private static final OneDnnBackend BACKEND = OneDnnBackend.withThreads(1);

  private record Case(
      Shape x,
      Shape w,
      Window window,
      int groups,
      Layout layout,
      Layout resultLayout,
      ElementType element,
      Op.Bias bias,
      Op.Addend addend,
      Activation activation,
      double tolerance) {
    Shape y() {
      return Reference.convolved(x, w.get(0), window);
    }

    TensorType xType() {
      return new TensorType(element, x, x.channels() < 4 ? Layout.PLAIN : layout);
    }

    TensorType yType() {
      return new TensorType(element, y(), resultLayout);
    }

    TensorType kernel(ElementType of) {
      return new TensorType(of, w, Layout.ANY);
    }
  }

  @Property(tries = 40)
  void float32(
      @ForAll @IntRange(min = 1, max = 3) int batch,
      @ForAll @IntRange(min = 1, max = 9) int ins,
      @ForAll @IntRange(min = 1, max = 9) int outs,
      @ForAll @IntRange(min = 1, max = 3) int groups,
      @ForAll @IntRange(min = 5, max = 11) int side,
      @ForAll @IntRange(min = 1, max = 3) int kernel,
      @ForAll @IntRange(min = 1, max = 2) int stride,
      @ForAll @IntRange(min = 0, max = 2) int padding,
      @ForAll long seed) {
    Random random = new Random(seed);
    Window window =
        new Window(
            kernel,
            1 + random.nextInt(kernel),
            stride,
            1 + random.nextInt(2),
            1 + random.nextInt(2),
            1,
            Math.min(padding, kernel - 1),
            0,
            stride == 2 && padding == 2 ? -1 : padding,
            random.nextInt(2));
    Layout[] layouts = {Layout.PLAIN, Layout.CHANNELS_LAST, Layout.CHANNELS_BLOCKED};
    check(
        new Case(
            Shape.of(batch, ins * groups, side, side + 1),
            Shape.of(outs * groups, ins, window.height(), window.width()),
            window,
            groups,
            layouts[random.nextInt(3)],
            layouts[random.nextInt(3)],
            ElementType.FLOAT32,
            random.nextBoolean() ? Op.Bias.PRESENT : Op.Bias.ABSENT,
            random.nextBoolean() ? Op.Addend.PRESENT : Op.Addend.ABSENT,
            random.nextBoolean() ? Activation.RELU : Activation.IDENTITY,
            Close.FLOAT32),
        random);
  }

  @Test
  void bfloat16() {
    Bfloat16Kernels.assume(ElementType.BFLOAT16);
    Layout layout = BACKEND.activationLayout(TensorType.plain(Shape.of(2, 32, 9, 7)));
    for (int groups : new int[] {1, 2}) {
      check(
          new Case(
              Shape.of(2, 32, 9, 7),
              Shape.of(64, 32 / groups, 3, 3),
              Window.square(3, 2, 1),
              groups,
              layout,
              layout,
              ElementType.BFLOAT16,
              Op.Bias.PRESENT,
              Op.Addend.PRESENT,
              Activation.RELU,
              Close.BFLOAT16),
          new Random(5));
    }
  }

  /** Every pixel but those at multiples of the strides is skipped. */
  @Property(tries = 40)
  void pointwiseWithStrides(
      @ForAll @IntRange(min = 1, max = 3) int batch,
      @ForAll @IntRange(min = 4, max = 70) int ins,
      @ForAll @IntRange(min = 4, max = 70) int outs,
      @ForAll @IntRange(min = 1, max = 4) int rows,
      @ForAll @IntRange(min = 1, max = 4) int columns,
      @ForAll @IntRange(min = 1, max = 3) int strideHeight,
      @ForAll @IntRange(min = 1, max = 3) int strideWidth,
      @ForAll boolean bfloat16,
      @ForAll boolean bias,
      @ForAll long seed) {
    boolean narrow = bfloat16 && Bfloat16Kernels.exist();
    Case pointwise =
        new Case(
            Shape.of(batch, ins, rows * strideHeight, columns * strideWidth),
            Shape.of(outs, ins, 1, 1),
            new Window(1, 1, strideHeight, strideWidth, 1, 1, 0, 0, 0, 0),
            1,
            Layout.CHANNELS_LAST,
            Layout.CHANNELS_LAST,
            narrow ? ElementType.BFLOAT16 : ElementType.FLOAT32,
            bias ? Op.Bias.PRESENT : Op.Bias.ABSENT,
            Op.Addend.ABSENT,
            Activation.IDENTITY,
            narrow ? Close.BFLOAT16 : Close.FLOAT32);
    backward(pointwise, new Random(seed));
    if (strideHeight * strideWidth > 1) {
      // Without a stride the library accumulates, and not for all sizes.
      accumulating(pointwise, new Random(seed));
    }
  }

  /**
   * No test sees what it overwrites, so the kernel must not be taken. Images in channels last are
   * made dense before.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void kernelThatWritesBeyondItsScratchpadIsPassedOver(int channels) {
    TensorType x = TensorType.plain(Shape.of(2, channels, 9, 4));
    TensorType y = new TensorType(ElementType.FLOAT32, Shape.of(2, 18, 9, 2), Layout.CHANNELS_LAST);
    TensorType kernel =
        new TensorType(ElementType.FLOAT32, Shape.of(18, channels, 1, 1), Layout.ANY);
    Window strided = new Window(1, 1, 1, 2, 1, 1, 0, 0, 0, 0);
    try (NativeScope scope = new NativeScope()) {
      Lowering lowering =
          new Lowering(
              new Op.ConvolutionBackwardWeights(strided, 1, Op.Bias.ABSENT),
              new OperandTypes(List.of(x, y), List.of(kernel)),
              new Descriptors(InstructionSet.effective()),
              scope);
      for (Stage stage : Lowerings.lower(lowering).stages()) {
        if (stage instanceof Stage.Primitive primitive) {
          assertThat(lowering.implementation(primitive.descriptor()))
              .isNotEqualTo(Convolutions.BEYOND_ITS_SCRATCHPAD);
        }
      }
    }
  }

  /** The gradient of an image is not needed, but its layout differs from the other operands'. */
  @Test
  void readsAnImageOfThreeChannels() {
    check(
        new Case(
            Shape.of(2, 3, 31, 29),
            Shape.of(64, 3, 7, 7),
            Window.square(7, 2, 3),
            1,
            Layout.PLAIN,
            BACKEND.activationLayout(TensorType.plain(Shape.of(2, 64, 9, 7))),
            ElementType.FLOAT32,
            Op.Bias.ABSENT,
            Op.Addend.ABSENT,
            Activation.IDENTITY,
            Close.FLOAT32),
        new Random(6));
  }

  private static void check(Case it, Random random) {
    forward(it, random);
    backward(it, random);
  }

  private static void forward(Case it, Random random) {
    float[] x = Reference.random(it.x(), random);
    float[] w = Reference.random(it.w(), random);
    float[] b = Reference.random(Shape.of(it.w().get(0)), random);
    float[] addend = Reference.random(it.y(), random);
    double[] expected = Reference.zeros(it.y());
    for (int i = 0; i < expected.length; i++) {
      expected[i] =
          (it.bias() == Op.Bias.PRESENT ? b[Reference.channel(it.y(), i)] : 0)
              + (it.addend() == Op.Addend.PRESENT ? addend[i] : 0);
    }
    Reference.convolve(
        it.x(),
        it.w(),
        it.y(),
        it.window(),
        it.groups(),
        (xi, wi, yi) -> expected[yi] += (double) x[xi] * w[wi]);
    if (!it.activation().isIdentity()) {
      for (int i = 0; i < expected.length; i++) {
        expected[i] = Math.max(expected[i], 0);
      }
    }
    try (TestProgram program = new TestProgram(BACKEND)) {
      List<Value> inputs = new ArrayList<>();
      List<TensorType> types = new ArrayList<>();
      inputs.add(program.input(it.x(), x));
      types.add(it.xType());
      inputs.add(program.input(it.w(), w));
      types.add(it.kernel(it.element()));
      if (it.bias() == Op.Bias.PRESENT) {
        inputs.add(program.input(Shape.of(it.w().get(0)), b));
        types.add(TensorType.plain(Shape.of(it.w().get(0))));
      }
      if (it.addend() == Op.Addend.PRESENT) {
        // Through another layout, so that it lies in the arena and may be overwritten.
        Value given = program.input(it.y(), addend);
        inputs.add(program.as(program.as(given, bf16(it.y())), it.yType()));
        types.add(it.yType());
      }
      Value y =
          program
              .apply(
                  new Op.Convolution(
                      it.window(), it.groups(), it.bias(), it.addend(), it.activation()),
                  inputs,
                  types,
                  it.yType())
              .get(0);
      Value result = program.result(y);
      double tolerance = it.addend() == Op.Addend.PRESENT ? Close.BFLOAT16 : it.tolerance();
      Close.check(it.toString(), program.run(0).read(result), expected, tolerance);
    }
  }

  private static TensorType bf16(Shape shape) {
    return TensorType.plain(shape).with(ElementType.BFLOAT16);
  }

  private static void backward(Case it, Random random) {
    float[] x = Reference.random(it.x(), random);
    float[] w = Reference.random(it.w(), random);
    float[] dy = Reference.random(it.y(), random);
    double[] dx = Reference.zeros(it.x());
    double[] dw = Reference.zeros(it.w());
    double[] db = new double[it.w().get(0)];
    Reference.convolve(
        it.x(),
        it.w(),
        it.y(),
        it.window(),
        it.groups(),
        (xi, wi, yi) -> {
          dx[xi] += (double) dy[yi] * w[wi];
          dw[wi] += (double) dy[yi] * x[xi];
        });
    for (int i = 0; i < dy.length; i++) {
      db[Reference.channel(it.y(), i)] += dy[i];
    }
    try (TestProgram program = new TestProgram(BACKEND)) {
      Value xs = program.input(it.x(), x);
      Value ws = program.input(it.w(), w);
      Value dys = program.input(it.y(), dy);
      Value dxs =
          program
              .apply(
                  new Op.ConvolutionBackwardData(it.window(), it.groups(), Op.Addend.ABSENT),
                  List.of(dys, ws),
                  List.of(it.yType(), it.kernel(it.element())),
                  it.xType())
              .get(0);
      List<TensorType> outputs = new ArrayList<>();
      outputs.add(it.kernel(ElementType.FLOAT32));
      if (it.bias() == Op.Bias.PRESENT) {
        outputs.add(TensorType.plain(Shape.of(it.w().get(0))));
      }
      List<Value> dws =
          program.apply(
              new Op.ConvolutionBackwardWeights(it.window(), it.groups(), it.bias()),
              List.of(xs, dys),
              List.of(it.xType(), it.yType()),
              outputs.toArray(TensorType[]::new));
      List<Value> results = new ArrayList<>();
      results.add(program.result(dxs));
      dws.forEach(value -> results.add(program.result(value)));
      program.run(0);
      Close.check("dx " + it, program.read(results.get(0)), dx, it.tolerance());
      Close.check("dw " + it, program.read(results.get(1)), dw, it.tolerance());
      if (it.bias() == Op.Bias.PRESENT) {
        // A sum that cancels is as exact as its summands.
        double summands = 0;
        double largest = Double.MIN_NORMAL;
        for (float value : dy) {
          summands += Math.abs(value) / db.length;
        }
        for (double value : db) {
          largest = Math.max(largest, Math.abs(value));
        }
        double tolerance = it.tolerance() * Math.max(1, summands / largest);
        Close.check("db " + it, program.read(results.get(2)), db, tolerance);
      }
    }
  }

  /** The image's gradient on top of what is there. */
  private static void accumulating(Case it, Random random) {
    float[] w = Reference.random(it.w(), random);
    float[] dy = Reference.random(it.y(), random);
    float[] before = Reference.random(it.x(), random);
    double[] dx = Reference.zeros(it.x());
    for (int i = 0; i < dx.length; i++) {
      dx[i] = before[i];
    }
    Reference.convolve(
        it.x(),
        it.w(),
        it.y(),
        it.window(),
        it.groups(),
        (xi, wi, yi) -> dx[xi] += (double) dy[yi] * w[wi]);
    try (TestProgram program = new TestProgram(BACKEND)) {
      Value dys = program.input(it.y(), dy);
      Value ws = program.input(it.w(), w);
      // Through another layout, so that it lies in the arena and may be overwritten.
      Value given = program.as(program.input(it.x(), before), bf16(it.x()));
      Value dxs =
          program
              .apply(
                  new Op.ConvolutionBackwardData(it.window(), it.groups(), Op.Addend.PRESENT),
                  List.of(dys, ws, program.as(given, it.xType())),
                  List.of(it.yType(), it.kernel(it.element()), it.xType()),
                  it.xType())
              .get(0);
      Value result = program.result(dxs);
      Close.check("dx " + it, program.run(0).read(result), dx, Close.BFLOAT16);
    }
  }

  @Test
  void aResolvedLayoutIsAValue() {
    TensorType x =
        new TensorType(ElementType.FLOAT32, Shape.of(2, 16, 8, 8), Layout.CHANNELS_BLOCKED);
    Op op =
        new Op.Convolution(
            Window.square(3, 1, 1), 1, Op.Bias.ABSENT, Op.Addend.ABSENT, Activation.IDENTITY);
    try (TestProgram program = new TestProgram(BACKEND);
        TestProgram other = new TestProgram(OneDnnBackend.withThreads(1))) {
      List<TensorType> in =
          List.of(x, new TensorType(ElementType.FLOAT32, Shape.of(16, 16, 3, 3), Layout.ANY));
      var first = program.resolve(op, in, List.of(x));
      var second = other.resolve(op, in, List.of(x));
      assertThat(first).isEqualTo(second).hasSameHashCodeAs(second);
      assertThat(first.inputs().get(1).layout()).isInstanceOf(Layout.Packed.class);
    }
  }
}
