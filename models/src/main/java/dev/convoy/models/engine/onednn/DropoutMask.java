package dev.convoy.models.engine.onednn;

import dev.convoy.models.engine.ir.Layout;
import dev.convoy.models.engine.ir.Op;
import dev.convoy.models.engine.ir.TensorType;

/**
 * {@link Op.DropoutMask} by a counter: the element's place goes through SplitMix64's mixing
 * function (Steele, Lea, Flood 2014, "Fast splittable pseudorandom number generators"), so that
 * neither threads nor layouts nor the order of computation matter.
 */
final class DropoutMask implements HostKernel {
  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;
  private static final int DRAWN_BITS = 31;
  private static final long DRAWN_MASK = (1L << DRAWN_BITS) - 1;

  private final long stream;
  private final long threshold;
  private final float kept;
  private final long elements;
  private final FloatSink sink;
  private final long[] drawn = new long[HostArrays.CHUNK / 2];
  private final float[] mask = new float[HostArrays.CHUNK];

  DropoutMask(Op.DropoutMask op, TensorType type) {
    this.stream = op.stream();
    this.threshold = Math.round(op.keep() * (1L << DRAWN_BITS));
    this.kept = (float) (1 / op.keep());
    this.elements = type.shape().elements();
    this.sink = new FloatSink(type.element(), HostArrays.CHUNK, new HostArrays());
  }

  static Lowered lower(Op.DropoutMask op, Lowering lowering) {
    if (!(op.keep() > 0 && op.keep() <= 1)) {
      throw new IllegalArgumentException(
          "the probability to keep is " + op.keep() + "; it has to be above 0 and at most 1");
    }
    TensorType mask = lowering.output(0);
    if (mask.layout() != Layout.PLAIN) {
      throw new UnsupportedOperationException("a dropout mask is PLAIN: " + lowering);
    }
    return Lowered.host(new DropoutMask(op, mask), 0, 1);
  }

  @Override
  public void run(long[] addresses, long seed) {
    long key = mix(mix(seed + GOLDEN_GAMMA) + (stream + 1) * GOLDEN_GAMMA);
    for (long begin = 0; begin < elements; begin += HostArrays.CHUNK) {
      int count = (int) Math.min(HostArrays.CHUNK, elements - begin);
      draw(key + begin / 2 * GOLDEN_GAMMA, count);
      sink.write(mask, count, addresses[0], begin);
    }
  }

  /** Two elements of each number, so that the loops are of one type each and vectorised. */
  private void draw(long first, int count) {
    int pairs = (count + 1) / 2;
    for (int i = 0; i < pairs; i++) {
      drawn[i] = mix(first + i * GOLDEN_GAMMA);
    }
    for (int i = 0; i < pairs; i++) {
      mask[2 * i] = (drawn[i] >>> (Long.SIZE - DRAWN_BITS)) < threshold ? kept : 0f;
      mask[2 * i + 1] = (drawn[i] & DRAWN_MASK) < threshold ? kept : 0f;
    }
  }

  private static long mix(long z) {
    long a = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    long b = (a ^ (a >>> 27)) * 0x94d049bb133111ebL;
    return b ^ (b >>> 31);
  }
}
