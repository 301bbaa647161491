package dev.convoy.models.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;

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

class RearrangementsTest {
  private static final OneDnnBackend BACKEND = OneDnnBackend.withThreads(1);
  private static final List<Layout> LAYOUTS =
      List.of(Layout.PLAIN, Layout.CHANNELS_LAST, Layout.CHANNELS_BLOCKED);

  private final Random random = new Random(18);

  @Test
  void everyLayoutKeepsEveryElement() {
    Shape shape = Shape.of(2, 19, 3, 5);
    float[] x = Reference.random(shape, random);
    for (Layout a : LAYOUTS) {
      for (Layout b : LAYOUTS) {
        try (TestProgram program = new TestProgram(BACKEND)) {
          Value there = program.as(program.input(shape, x), TensorType.plain(shape).with(a));
          Value result = program.result(program.as(there, TensorType.plain(shape).with(b)));
          assertThat(program.run(0).read(result)).as(a + " " + b).containsExactly(x);
        }
      }
    }
  }

  @Test
  void aGroupedKernelGoesToItsPackedLayoutAndBack() {
    Shape shape = Shape.of(64, 16, 3, 3);
    float[] w = Reference.random(shape, random);
    TensorType image =
        new TensorType(ElementType.FLOAT32, Shape.of(1, 32, 8, 8), Layout.CHANNELS_BLOCKED);
    Op op =
        new Op.Convolution(
            Window.square(3, 1, 1), 2, Op.Bias.ABSENT, Op.Addend.ABSENT, Activation.IDENTITY);
    try (TestProgram program = new TestProgram(BACKEND)) {
      TensorType packed =
          program
              .resolve(
                  op,
                  List.of(image, TensorType.plain(shape).with(Layout.ANY)),
                  List.of(image.with(Shape.of(1, 64, 8, 8))))
              .inputs()
              .get(1);
      assertThat(packed.layout()).isInstanceOf(Layout.Packed.class);
      Value result = program.result(program.as(program.input(shape, w), packed));
      Value last =
          program.result(
              program.as(
                  program.as(
                      program.input(shape, w), TensorType.plain(shape).with(Layout.CHANNELS_LAST)),
                  packed));
      program.run(0);
      assertThat(program.read(result)).containsExactly(w);
      assertThat(program.read(last)).containsExactly(w);
    }
  }

  @Property(tries = 40)
  void slicesAndPads(
      @ForAll @IntRange(min = 1, max = 40) int channels,
      @ForAll @IntRange(min = 0, max = 40) int before,
      @ForAll @IntRange(min = 0, max = 40) int after,
      @ForAll @IntRange(min = 0, max = 2) int margin,
      @ForAll @IntRange(min = 0, max = 2) int from,
      @ForAll @IntRange(min = 0, max = 2) int to) {
    Shape small = Shape.of(2, channels, 3, 2);
    Shape large = Shape.of(2, before + channels + after, 3 + margin, 2 + 2 * margin);
    List<Integer> begin = List.of(0, before, margin, margin);
    TensorType smallType = TensorType.plain(small).with(LAYOUTS.get(to));
    TensorType largeType = TensorType.plain(large).with(LAYOUTS.get(from));
    float[] x = Reference.random(large, random);
    float[] part = new float[(int) small.elements()];
    float[] padded = new float[x.length];
    copyPart(small, large, begin, (i, j) -> part[i] = x[j]);
    copyPart(small, large, begin, (i, j) -> padded[j] = x[j]);
    try (TestProgram program = new TestProgram(BACKEND)) {
      Value whole = program.as(program.input(large, x), largeType);
      Value sliced = program.apply(new Op.Slice(begin), List.of(whole), smallType).get(0);
      Value again = program.apply(new Op.Pad(begin), List.of(sliced), largeType).get(0);
      Value slice = program.result(sliced);
      Value pad = program.result(again);
      program.run(0);
      assertThat(program.read(slice)).containsExactly(part);
      assertThat(program.read(pad)).containsExactly(padded);
    }
  }

  private interface Copy {
    void at(int small, int large);
  }

  private static void copyPart(Shape small, Shape large, List<Integer> begin, Copy copy) {
    int i = 0;
    for (int n = 0; n < small.get(0); n++) {
      for (int c = 0; c < small.get(1); c++) {
        for (int h = 0; h < small.get(2); h++) {
          for (int w = 0; w < small.get(3); w++) {
            int row = (n + begin.get(0)) * large.get(1) + c + begin.get(1);
            int line = row * large.get(2) + h + begin.get(2);
            copy.at(i++, line * large.get(3) + w + begin.get(3));
          }
        }
      }
    }
  }

  @Property(tries = 30)
  void concatenates(
      @ForAll @IntRange(min = 1, max = 3) int count,
      @ForAll @IntRange(min = 1, max = 35) int channels,
      @ForAll @IntRange(min = 0, max = 2) int from,
      @ForAll @IntRange(min = 0, max = 2) int to,
      @ForAll boolean half) {
    ElementType element = half ? ElementType.BFLOAT16 : ElementType.FLOAT32;
    int total = 0;
    List<Shape> shapes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      shapes.add(Shape.of(2, channels + 5 * i, 3, 2));
      total += channels + 5 * i;
    }
    Shape joined = Shape.of(2, total, 3, 2);
    float[] expected = new float[(int) joined.elements()];
    try (TestProgram program = new TestProgram(BACKEND)) {
      List<Value> parts = new ArrayList<>();
      int before = 0;
      for (Shape shape : shapes) {
        float[] x = new float[(int) shape.elements()];
        for (int i = 0; i < x.length; i++) {
          x[i] = random.nextInt(256);
        }
        copyPart(shape, joined, List.of(0, before, 0, 0), (i, j) -> expected[j] = x[i]);
        before += shape.channels();
        parts.add(
            program.as(program.input(shape, x), new TensorType(element, shape, LAYOUTS.get(from))));
      }
      TensorType type = new TensorType(element, joined, LAYOUTS.get(to));
      Value result = program.result(program.apply(new Op.Concat(1), parts, type).get(0));
      assertThat(program.run(0).read(result)).containsExactly(expected);
    }
  }

  @Test
  void aReshapeIsTheSameMemory() {
    Shape shape = Shape.of(2, 3, 2, 2);
    float[] x = Reference.random(shape, random);
    try (TestProgram program = new TestProgram(BACKEND)) {
      Value half =
          program.as(program.input(shape, x), TensorType.plain(shape).with(ElementType.BFLOAT16));
      Value plain = program.as(half, TensorType.plain(shape));
      Shape flat = Shape.of(2, 12);
      Value y = program.apply(new Op.Reshape(), List.of(plain), TensorType.plain(flat)).get(0);
      Value result = program.result(y);
      Value original = program.result(plain);
      program.run(0);
      assertThat(program.read(result)).containsExactly(program.read(original));
    }
  }
}
