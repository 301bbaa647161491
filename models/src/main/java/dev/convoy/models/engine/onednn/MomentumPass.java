package dev.convoy.models.engine.onednn;

import dev.convoy.models.engine.backend.Clipping;
import dev.convoy.models.engine.backend.MomentumUpdate;
import dev.convoy.models.engine.backend.MomentumUpdate.Part;
import dev.convoy.models.engine.backend.ParameterUpdate;

/**
 * A {@link MomentumUpdate} in one pass, in pieces that stay in the cache; clipping by the norm
 * takes one over the gradient before it.
 */
final class MomentumPass implements ParameterUpdate {
  private final MomentumUpdate update;
  private final GradientClipping clipping;
  private final HostArrays arrays = new HostArrays();
  private final float[] w = new float[HostArrays.CHUNK];
  private final float[] g = new float[HostArrays.CHUNK];
  private final float[] delta = new float[HostArrays.CHUNK];

  MomentumPass(MomentumUpdate update) {
    this.update = update;
    this.clipping = new GradientClipping(update, arrays, g);
  }

  @Override
  public void run(long parameters, long gradient, long momentum, double weight, double rate) {
    if (!(weight > 0)) {
      throw new IllegalArgumentException("the batch weighs " + weight + ", not more than 0");
    }
    boolean clipped = !(update.clipping() instanceof Clipping.None);
    clipping.prepare(gradient, (float) weight);
    for (Part part : update.parts()) {
      for (long at = part.begin(); at < part.end(); at += HostArrays.CHUNK) {
        int count = (int) Math.min(HostArrays.CHUNK, part.end() - at);
        long offset = at * Float.BYTES;
        switch (part.rule()) {
          case DESCENT -> {
            arrays.read(parameters + offset, w, count);
            arrays.read(gradient + offset, g, count);
            arrays.read(momentum + offset, delta, count);
            if (clipped) {
              clipping.apply(count);
            }
            descend(count, clipped ? 1 : (float) weight, part.decay(), (float) rate);
            arrays.write(w, count, parameters + offset);
            arrays.write(delta, count, momentum + offset);
          }
          case STATISTICS -> {
            arrays.read(parameters + offset, w, count);
            arrays.read(gradient + offset, g, count);
            subtract(count);
            arrays.write(w, count, parameters + offset);
          }
          case FROZEN -> {}
        }
      }
    }
  }

  private void descend(int count, float weight, float decay, float rate) {
    float momentum = update.momentum();
    for (int i = 0; i < count; i++) {
      float step = momentum * delta[i] + (g[i] / weight + decay * w[i]);
      delta[i] = step;
      w[i] -= rate * step;
    }
  }

  private void subtract(int count) {
    for (int i = 0; i < count; i++) {
      w[i] -= g[i];
    }
  }
}
