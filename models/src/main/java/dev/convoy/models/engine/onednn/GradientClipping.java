package dev.convoy.models.engine.onednn;

import dev.convoy.models.engine.backend.Clipping;
import dev.convoy.models.engine.backend.MomentumUpdate;
import dev.convoy.models.engine.backend.MomentumUpdate.Part;
import dev.convoy.models.engine.backend.MomentumUpdate.Rule;

/**
 * {@link Clipping} in the pieces that a {@link MomentumPass} works in. Squares are added in float64
 * in four sums, every fourth element of a piece to each, and these in their order: no thread and no
 * machine changes it.
 */
final class GradientClipping {
  private static final int LANES = 4;

  /** PyTorch's, which keeps a gradient of zeros from a division by 0. */
  private static final double NORM_EPSILON = 1e-6;

  private final MomentumUpdate update;
  private final HostArrays arrays = new HostArrays();
  private final float[] read = new float[HostArrays.CHUNK];
  private float weight;
  private float factor;

  GradientClipping(MomentumUpdate update) {
    this.update = update;
  }

  /** Looks at a whole gradient, where that is needed, before its pieces come. */
  void prepare(long gradient, float batchWeight) {
    this.weight = batchWeight;
    if (update.clipping() instanceof Clipping.Norm norm) {
      this.factor = (float) Math.min(1, norm.limit() / (norm(gradient) + NORM_EPSILON));
    }
  }

  /** Makes a piece's sums the clipped gradient of the mean. Several threads may do so at once. */
  void apply(float[] g, int count) {
    if (update.clipping() instanceof Clipping.Value value) {
      float limit = (float) value.limit();
      for (int i = 0; i < count; i++) {
        g[i] = Math.max(-limit, Math.min(limit, g[i] / weight));
      }
    } else {
      for (int i = 0; i < count; i++) {
        g[i] = g[i] / weight * factor;
      }
    }
  }

  private double norm(long gradient) {
    double[] sums = new double[LANES];
    for (Part part : update.parts()) {
      if (part.rule() != Rule.DESCENT) {
        continue;
      }
      for (long at = part.begin(); at < part.end(); at += HostArrays.CHUNK) {
        int count = (int) Math.min(HostArrays.CHUNK, part.end() - at);
        arrays.read(gradient + at * Float.BYTES, read, count);
        addSquares(count, sums);
      }
    }
    return Math.sqrt(sums[0] + sums[1] + sums[2] + sums[3]);
  }

  private void addSquares(int count, double[] sums) {
    double first = sums[0];
    double second = sums[1];
    double third = sums[2];
    double fourth = sums[3];
    int whole = count - count % LANES;
    for (int i = 0; i < whole; i += LANES) {
      first += square(read[i]);
      second += square(read[i + 1]);
      third += square(read[i + 2]);
      fourth += square(read[i + 3]);
    }
    for (int i = whole; i < count; i++) {
      first += square(read[i]);
    }
    sums[0] = first;
    sums[1] = second;
    sums[2] = third;
    sums[3] = fourth;
  }

  private double square(float sum) {
    double mean = sum / weight;
    return mean * mean;
  }
}
