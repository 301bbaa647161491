package dev.convoy.models.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.convoy.models.engine.ir.ElementType;
import dev.convoy.models.engine.ir.Layout;
import dev.convoy.models.engine.ir.Op;
import dev.convoy.models.engine.ir.Shape;
import dev.convoy.models.engine.ir.TensorType;
import dev.convoy.models.engine.ir.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostKernelsTest {
  private static final OneDnnBackend BACKEND = OneDnnBackend.withThreads(1);

  @ParameterizedTest
  @CsvSource({
    "1, 1, 28, 28, PLAIN, FLOAT32",
    "2, 3, 101, 97, PLAIN, FLOAT32",
    "2, 3, 101, 97, CHANNELS_LAST, FLOAT32",
    "2, 3, 101, 97, PLAIN, BFLOAT16",
    "1, 4, 5, 7, CHANNELS_LAST, BFLOAT16",
  })
  void normalizesImages(
      int batch, int channels, int height, int width, Layout.Standard layout, ElementType element) {
    Shape shape = Shape.of(batch, channels, height, width);
    byte[] pixels = new byte[(int) shape.elements()];
    new Random(19).nextBytes(pixels);
    List<Float> scale = new ArrayList<>();
    List<Float> shift = new ArrayList<>();
    for (int c = 0; c < channels; c++) {
      scale.add(0.017f + c * 0.003f);
      shift.add(-1.9f + c * 0.1f);
    }
    float[] expected = new float[pixels.length];
    int area = height * width;
    for (int i = 0; i < pixels.length; i++) {
      int c = i / area % channels;
      int at = (i / area / channels * area + i % area) * channels + c;
      float value = (pixels[at] & 0xff) * scale.get(c) + shift.get(c);
      expected[i] = element == ElementType.FLOAT32 ? value : nearest(value);
    }
    try (TestProgram program = new TestProgram(BACKEND)) {
      TensorType images = new TensorType(ElementType.UINT8, shape, Layout.CHANNELS_LAST);
      TensorType type = new TensorType(element, shape, layout);
      Value y =
          program
              .apply(
                  new Op.NormalizeImages(scale, shift),
                  List.of(program.images(images, pixels)),
                  type)
              .get(0);
      Value result = program.result(y);
      assertThat(program.run(0).read(result)).containsExactly(expected);
    }
  }

  /** By way of the two neighbours and which of them is nearer. */
  private static float nearest(float value) {
    float low = Float.intBitsToFloat(Float.floatToRawIntBits(value) & 0xffff0000);
    float high = Float.intBitsToFloat((Float.floatToRawIntBits(value) & 0xffff0000) + 0x10000);
    double toLow = Math.abs((double) value - low);
    double toHigh = Math.abs((double) value - high);
    boolean lowIsEven = (Float.floatToRawIntBits(low) & 0x10000) == 0;
    return toLow < toHigh || (toLow == toHigh && lowIsEven) ? low : high;
  }

  @Test
  void roundsToTheNearestAndToEven() {
    assertThat(Bfloat16.round(0x1.01p0f)).isEqualTo((short) 0x3f80);
    assertThat(Bfloat16.round(0x1.03p0f)).isEqualTo((short) 0x3f82);
    assertThat(Bfloat16.round(Float.MAX_VALUE)).isEqualTo((short) 0x7f80);
    assertThat(Bfloat16.round(Float.NEGATIVE_INFINITY)).isEqualTo((short) 0xff80);
    assertThat(Bfloat16.round(-0f)).isEqualTo((short) 0x8000);
    float quiet = Float.intBitsToFloat(Bfloat16.round(Float.intBitsToFloat(0x7f800001)) << 16);
    assertThat(quiet).isNaN();
  }

  @Test
  void masksKeepTheirShareAndDependOnSeedAndStreamOnly() {
    double keep = 0.8;
    Shape shape = Shape.of(10, 10, 50, 40);
    float[] mask = mask(keep, 3, shape, ElementType.FLOAT32, 42);
    assertThat(values(mask)).containsExactlyInAnyOrder(0f, (float) (1 / keep));
    // 200,000 draws: four standard deviations are 0.0036.
    assertThat(share(mask)).isCloseTo(keep, within(0.0036));
    assertThat(Arrays.equals(mask(keep, 3, shape, ElementType.FLOAT32, 42), mask)).isTrue();
    Shape rows = Shape.of(400, 500);
    assertThat(Arrays.equals(mask(keep, 3, rows, ElementType.FLOAT32, 42), mask)).isTrue();
    assertThat(Arrays.equals(mask(keep, 3, shape, ElementType.BFLOAT16, 42), mask)).isTrue();
    for (float[] other :
        List.of(
            mask(keep, 4, shape, ElementType.FLOAT32, 42),
            mask(keep, 3, shape, ElementType.FLOAT32, 43))) {
      assertThat(agreement(mask, other)).isCloseTo(0.68, within(0.0045));
    }
  }

  private static Set<Float> values(float[] mask) {
    Set<Float> values = new HashSet<>();
    for (float value : mask) {
      values.add(value);
    }
    return values;
  }

  private static double share(float[] mask) {
    int kept = 0;
    for (float value : mask) {
      kept += value > 0 ? 1 : 0;
    }
    return (double) kept / mask.length;
  }

  /** For independent masks {@code keep^2 + (1 - keep)^2}. */
  private static double agreement(float[] a, float[] b) {
    int same = 0;
    for (int i = 0; i < a.length; i++) {
      same += a[i] == b[i] ? 1 : 0;
    }
    return (double) same / a.length;
  }

  private static float[] mask(
      double keep, int stream, Shape shape, ElementType element, long seed) {
    try (TestProgram program = new TestProgram(BACKEND)) {
      TensorType type = new TensorType(element, shape, Layout.PLAIN);
      Value y = program.apply(new Op.DropoutMask(keep, stream), List.of(), type).get(0);
      Value result = program.result(y);
      return program.run(seed).read(result);
    }
  }
}
