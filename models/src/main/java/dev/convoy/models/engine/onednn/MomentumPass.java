package dev.convoy.models.engine.onednn;

import dev.convoy.models.engine.backend.MomentumUpdate;
import dev.convoy.models.engine.backend.MomentumUpdate.Part;
import dev.convoy.models.engine.backend.ParameterUpdate;

/** A {@link MomentumUpdate} in one pass, in pieces that stay in the cache. */
final class MomentumPass implements ParameterUpdate {
  private final MomentumUpdate update;
  private final HostArrays arrays = new HostArrays();
  private final float[] w = new float[HostArrays.CHUNK];
  private final float[] g = new float[HostArrays.CHUNK];
  private final float[] delta = new float[HostArrays.CHUNK];

  MomentumPass(MomentumUpdate update) {
    this.update = update;
  }

  @Override
  public void run(long parameters, long gradient, long momentum, int batch, double rate) {
    if (batch < 1) {
      throw new IllegalArgumentException("the batch has " + batch + " examples, not 1 or more");
    }
    for (Part part : update.parts()) {
      for (long at = part.begin(); at < part.end(); at += HostArrays.CHUNK) {
        int count = (int) Math.min(HostArrays.CHUNK, part.end() - at);
        long offset = at * Float.BYTES;
        switch (part.rule()) {
          case DESCENT -> {
            arrays.read(parameters + offset, w, count);
            arrays.read(gradient + offset, g, count);
            arrays.read(momentum + offset, delta, count);
            descend(count, batch, part.decay(), (float) rate);
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

  private void descend(int count, float batch, float decay, float rate) {
    float momentum = update.momentum();
    for (int i = 0; i < count; i++) {
      float step = momentum * delta[i] + (g[i] / batch + decay * w[i]);
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
