package dev.convoy.models.engine.onednn;

import dev.convoy.models.engine.backend.Clipping;
import dev.convoy.models.engine.backend.MomentumUpdate;
import dev.convoy.models.engine.backend.MomentumUpdate.Part;
import dev.convoy.models.engine.backend.ParameterUpdate;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A {@link MomentumUpdate} in one pass, in pieces that stay in the cache; clipping by the norm
 * takes one over the gradient before it. Of several lanes each moves a range of every part:
 * elements do not depend on each other, so the bits are those of one. Java's common pool runs them,
 * at most as many at once as there are lanes, and fewer where it has fewer threads or none free.
 */
final class MomentumPass implements ParameterUpdate {
  private final MomentumUpdate update;
  private final GradientClipping clipping;
  private final List<Lane> lanes;

  MomentumPass(MomentumUpdate update, int threads) {
    this.update = update;
    this.clipping = new GradientClipping(update);
    this.lanes = Stream.generate(Lane::new).limit(threads).toList();
  }

  @Override
  public void run(long parameters, long gradient, long momentum, double weight, double rate) {
    if (!(weight > 0)) {
      throw new IllegalArgumentException("the batch weighs " + weight + ", not more than 0");
    }
    clipping.prepare(gradient, (float) weight);
    Move move = new Move(parameters, gradient, momentum, (float) weight, (float) rate);
    if (lanes.size() == 1) {
      lanes.get(0).run(move, 0);
    } else {
      IntStream.range(0, lanes.size()).parallel().forEach(i -> lanes.get(i).run(move, i));
    }
  }

  /** The addresses and numbers of one update. */
  private record Move(long parameters, long gradient, long momentum, float weight, float rate) {}

  /** The pieces of one range. */
  private final class Lane {
    private final HostArrays arrays = new HostArrays();
    private final float[] w = new float[HostArrays.CHUNK];
    private final float[] g = new float[HostArrays.CHUNK];
    private final float[] delta = new float[HostArrays.CHUNK];

    /** Moves the {@code index}-th range of every part. */
    void run(Move move, int index) {
      for (Part part : update.parts()) {
        long length = part.end() - part.begin();
        long end = part.begin() + length * (index + 1) / lanes.size();
        for (long at = part.begin() + length * index / lanes.size();
            at < end;
            at += HostArrays.CHUNK) {
          piece(move, part, at, (int) Math.min(HostArrays.CHUNK, end - at));
        }
      }
    }

    private void piece(Move move, Part part, long at, int count) {
      long offset = at * Float.BYTES;
      switch (part.rule()) {
        case DESCENT -> {
          arrays.read(move.parameters() + offset, w, count);
          arrays.read(move.gradient() + offset, g, count);
          arrays.read(move.momentum() + offset, delta, count);
          boolean clipped = !(update.clipping() instanceof Clipping.None);
          if (clipped) {
            clipping.apply(g, count);
          }
          descend(count, clipped ? 1 : move.weight(), part.decay(), move.rate());
          arrays.write(w, count, move.parameters() + offset);
          arrays.write(delta, count, move.momentum() + offset);
        }
        case STATISTICS -> {
          arrays.read(move.parameters() + offset, w, count);
          arrays.read(move.gradient() + offset, g, count);
          for (int i = 0; i < count; i++) {
            w[i] -= g[i];
          }
          arrays.write(w, count, move.parameters() + offset);
        }
        case FROZEN -> {}
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
  }
}
