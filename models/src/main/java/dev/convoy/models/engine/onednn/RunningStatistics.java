package dev.convoy.models.engine.onednn;

import dev.convoy.models.engine.ir.Op;
import dev.convoy.models.engine.ir.Shape;

/** {@link Op.RunningStatistics} in float32. */
final class RunningStatistics implements HostKernel {
  private final float share;
  private final float varianceFactor;
  private final int channels;
  private final HostArrays arrays = new HostArrays();
  private final float[] batch;
  private final float[] running;

  RunningStatistics(Op.RunningStatistics op, Shape shape) {
    this.share = (float) (1 - op.decay());
    this.varianceFactor = (float) op.varianceFactor();
    this.channels = shape.get(0);
    this.batch = new float[channels];
    this.running = new float[channels];
  }

  static Lowered lower(Op.RunningStatistics op, Lowering lowering) {
    for (int i = 0; i < 4; i++) {
      PlainFloats.check(lowering, lowering.input(i));
    }
    PlainFloats.check(lowering, lowering.output(0), lowering.output(1));
    return Lowered.host(new RunningStatistics(op, lowering.input(0).shape()), 4, 2);
  }

  @Override
  public void run(long[] addresses, long seed) {
    move(addresses[0], 1, addresses[2], addresses[4]);
    move(addresses[1], varianceFactor, addresses[3], addresses[5]);
  }

  private void move(long batchAddress, float factor, long runningAddress, long target) {
    arrays.read(batchAddress, batch, channels);
    arrays.read(runningAddress, running, channels);
    for (int c = 0; c < channels; c++) {
      running[c] = share * (running[c] - factor * batch[c]);
    }
    arrays.write(running, channels, target);
  }
}
