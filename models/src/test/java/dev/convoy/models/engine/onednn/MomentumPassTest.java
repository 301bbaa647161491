package dev.convoy.models.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.models.engine.backend.Clipping;
import dev.convoy.models.engine.backend.MomentumUpdate;
import dev.convoy.models.engine.backend.MomentumUpdate.Part;
import dev.convoy.models.engine.backend.MomentumUpdate.Rule;
import dev.convoy.models.engine.ir.Shape;
import java.util.List;
import java.util.Random;
import org.bytedeco.javacpp.FloatPointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MomentumPassTest {
  private static final int LENGTH = 30_011;
  private static final float MOMENTUM = 0.9f;
  private static final float DECAY = 1e-4f;
  private static final double RATE = 0.1;
  private static final int BATCH = 7;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void computesTheBitsOfTheFormula(int threads) {
    Random random = new Random(16);
    Shape shape = Shape.of(LENGTH);
    float[] w = Reference.random(shape, random);
    float[] g = Reference.random(shape, random);
    float[] delta = Reference.random(shape, random);
    MomentumUpdate update =
        new MomentumUpdate(
            MOMENTUM,
            List.of(
                new Part(0, 20_001, Rule.DESCENT, DECAY),
                new Part(20_001, 20_100, Rule.STATISTICS, 0),
                new Part(20_100, 20_200, Rule.FROZEN, DECAY),
                new Part(20_200, LENGTH, Rule.DESCENT, 0)));
    float[] newW = w.clone();
    float[] newDelta = delta.clone();
    try (HostMemory parameters = new HostMemory(4L * LENGTH);
        HostMemory gradient = new HostMemory(4L * LENGTH);
        HostMemory momentum = new HostMemory(4L * LENGTH)) {
      floats(parameters).put(w, 0, LENGTH);
      floats(gradient).put(g, 0, LENGTH);
      floats(momentum).put(delta, 0, LENGTH);
      var pass = OneDnnBackend.withThreads(threads).update(update);
      for (int step = 0; step < 3; step++) {
        pass.run(parameters.address(), gradient.address(), momentum.address(), BATCH, RATE);
        step(newW, g, newDelta);
      }
      floats(parameters).get(w, 0, LENGTH);
      floats(momentum).get(delta, 0, LENGTH);
    }
    assertThat(w).containsExactly(newW);
    assertThat(delta).containsExactly(newDelta);
  }

  /** PyTorch's clip_grad_norm_ and clip_grad_value_ on the mean, before decay and momentum. */
  @ParameterizedTest
  @CsvSource({"norm, 0.5", "norm, 1e6", "value, 0.05"})
  void clipsTheMeanGradientBeforeDecayAndMomentum(String kind, double limit) {
    Random random = new Random(17);
    Shape shape = Shape.of(LENGTH);
    float[] w = Reference.random(shape, random);
    float[] g = Reference.random(shape, random);
    float[] delta = Reference.random(shape, random);
    Clipping clipping = kind.equals("norm") ? new Clipping.Norm(limit) : new Clipping.Value(limit);
    List<Part> parts =
        List.of(
            new Part(0, 20_001, Rule.DESCENT, DECAY),
            new Part(20_001, 20_100, Rule.STATISTICS, 0),
            new Part(20_100, 20_200, Rule.FROZEN, DECAY),
            new Part(20_200, LENGTH, Rule.DESCENT, 0));
    double squares = 0;
    for (int i = 0; i < LENGTH; i++) {
      squares += i < 20_001 || i >= 20_200 ? Math.pow(g[i] / BATCH, 2) : 0;
    }
    double norm = Math.sqrt(squares);
    double[] expected = new double[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      double mean = g[i] / (double) BATCH;
      double clipped =
          kind.equals("norm")
              ? mean * Math.min(1, limit / (norm + 1e-6))
              : Math.max(-limit, Math.min(limit, mean));
      double decay = i < 20_001 ? DECAY : 0;
      double moved = w[i] - RATE * (MOMENTUM * delta[i] + clipped + decay * w[i]);
      boolean statistic = i >= 20_001 && i < 20_100;
      boolean frozen = i >= 20_100 && i < 20_200;
      expected[i] = statistic ? w[i] - g[i] : frozen ? w[i] : moved;
    }
    float[] first = clippedStep(new MomentumUpdate(MOMENTUM, clipping, parts), w, g, delta);
    float[] again = clippedStep(new MomentumUpdate(MOMENTUM, clipping, parts), w, g, delta, 3);
    Close.check(kind, first, expected, 1e-6);
    assertThat(again).containsExactly(first);
    assertThat(norm).isGreaterThan(0.5).isLessThan(1e6);
  }

  /** A limit that nothing reaches changes no bit. */
  @Test
  void aWideLimitChangesNothing() {
    Random random = new Random(18);
    Shape shape = Shape.of(LENGTH);
    float[] w = Reference.random(shape, random);
    float[] g = Reference.random(shape, random);
    float[] delta = Reference.random(shape, random);
    List<Part> parts = List.of(new Part(0, LENGTH, Rule.DESCENT, DECAY));
    float[] off = clippedStep(new MomentumUpdate(MOMENTUM, parts), w, g, delta);
    for (Clipping wide : List.of(new Clipping.Norm(1e9), new Clipping.Value(1e9))) {
      assertThat(clippedStep(new MomentumUpdate(MOMENTUM, wide, parts), w, g, delta))
          .containsExactly(off);
    }
    assertThatThrownBy(() -> new Clipping.Norm(0)).hasMessageContaining("above 0");
    assertThatThrownBy(() -> new Clipping.Value(Double.NaN)).hasMessageContaining("NaN");
  }

  private static float[] clippedStep(MomentumUpdate update, float[] w, float[] g, float[] delta) {
    return clippedStep(update, w, g, delta, 1);
  }

  private static float[] clippedStep(
      MomentumUpdate update, float[] w, float[] g, float[] delta, int threads) {
    float[] moved = new float[LENGTH];
    try (HostMemory parameters = new HostMemory(4L * LENGTH);
        HostMemory gradient = new HostMemory(4L * LENGTH);
        HostMemory momentum = new HostMemory(4L * LENGTH)) {
      floats(parameters).put(w, 0, LENGTH);
      floats(gradient).put(g, 0, LENGTH);
      floats(momentum).put(delta, 0, LENGTH);
      OneDnnBackend.withThreads(threads)
          .update(update)
          .run(parameters.address(), gradient.address(), momentum.address(), BATCH, RATE);
      floats(parameters).get(moved, 0, LENGTH);
    }
    return moved;
  }

  private static void step(float[] w, float[] g, float[] delta) {
    float rate = (float) RATE;
    float batch = BATCH;
    for (int i = 0; i < LENGTH; i++) {
      if (i >= 20_001 && i < 20_100) {
        w[i] -= g[i];
      } else if (i < 20_100 || i >= 20_200) {
        float decay = i < 20_100 ? DECAY : 0f;
        float step = g[i] / batch + decay * w[i];
        float moved = MOMENTUM * delta[i] + step;
        delta[i] = moved;
        w[i] -= rate * moved;
      }
    }
  }

  private static FloatPointer floats(HostMemory memory) {
    return new FloatPointer(new Address(memory.address()));
  }
}
