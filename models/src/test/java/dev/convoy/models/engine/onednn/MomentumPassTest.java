package dev.convoy.models.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.models.engine.backend.MomentumUpdate;
import dev.convoy.models.engine.backend.MomentumUpdate.Part;
import dev.convoy.models.engine.backend.MomentumUpdate.Rule;
import dev.convoy.models.engine.ir.Shape;
import java.util.List;
import java.util.Random;
import org.bytedeco.javacpp.FloatPointer;
import org.junit.jupiter.api.Test;

class MomentumPassTest {
  private static final int LENGTH = 30_011;
  private static final float MOMENTUM = 0.9f;
  private static final float DECAY = 1e-4f;
  private static final double RATE = 0.1;
  private static final int BATCH = 7;

  /** The loops of training.MomentumSgd, to the bit. */
  @Test
  void computesTheBitsOfTheFormula() {
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
      var pass = OneDnnBackend.withThreads(1).update(update);
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
