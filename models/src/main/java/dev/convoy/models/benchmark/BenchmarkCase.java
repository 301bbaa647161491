package dev.convoy.models.benchmark;

import dev.convoy.models.InputShape;
import dev.convoy.models.ModelSpec;
import dev.convoy.models.engine.ir.ForwardPass.Mode;
import dev.convoy.models.training.PrecisionChoice;
import java.time.Duration;
import java.util.Locale;
import java.util.Random;

/**
 * What is measured.
 *
 * @param batch images in a step
 * @param threads of one operation
 * @param mode TRAINING: forward, backward and update; INFERENCE: probabilities
 * @param budget after which no further step begins
 */
public record BenchmarkCase(
    ModelSpec model,
    PrecisionChoice precision,
    int batch,
    int threads,
    Mode mode,
    Duration budget) {

  public BenchmarkCase {
    if (batch < 1) {
      throw new IllegalArgumentException("batch is " + batch + "; it has to be 1 or more");
    }
    if (threads < 1) {
      throw new IllegalArgumentException("threads is " + threads + "; it has to be 1 or more");
    }
  }

  String describe(String engine) {
    return "%s of %s, %s, batch %d, %d thread%s"
        .formatted(
            mode.name().toLowerCase(Locale.ROOT),
            model.name(),
            engine,
            batch,
            threads,
            threads == 1 ? "" : "s");
  }

  /** Noise in the place of normalised images, the same every time. */
  float[] images() {
    InputShape input = model.input();
    float[] images = new float[Math.multiplyExact(batch, input.values())];
    Random random = new Random(1);
    for (int i = 0; i < images.length; i++) {
      images[i] = 2 * random.nextFloat() - 1;
    }
    return images;
  }

  int[] labels() {
    return new Random(2).ints(batch, 0, model.classes()).toArray();
  }
}
