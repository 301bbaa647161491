package dev.convoy.trainer.averaging;

import dev.convoy.models.state.NetworkState;

/**
 * What a worker sends of the state in which it ended a round.
 *
 * @param trainable trainable parameters, in the layout's order
 * @param momentum the momentum of each
 * @param means running means of all batch norms, one a channel
 * @param variances running variances, index for index beside {@code means}
 */
public record WireState(
    WireVector trainable, WireVector momentum, float[] means, float[] variances) {

  static final float[] NO_STATISTICS = {};

  /** Nothing, from a worker that has no part in the average. */
  public static final WireState NONE =
      new WireState(
          new Float32Vector(new float[0]),
          new Float32Vector(new float[0]),
          NO_STATISTICS,
          NO_STATISTICS);

  /** Puts a worker's state into the form in which it travels. */
  public static WireState of(
      WireFormat format, StateLayout layout, NetworkState start, NetworkState end) {
    WorkerState to = layout.split(end);
    return switch (format) {
      case FLOAT32 ->
          new WireState(
              new Float32Vector(to.trainable()),
              new Float32Vector(to.momentum()),
              to.means(),
              to.variances());
      case BF16 -> {
        WorkerState from = layout.split(start);
        yield new WireState(
            Bfloat16Differences.between(from.trainable(), to.trainable()),
            Bfloat16Differences.between(from.momentum(), to.momentum()),
            to.means(),
            to.variances());
      }
    };
  }

  /** A state of zeros, which takes as much room on the wire as any of its size. */
  public static WireState zeros(WireFormat format, int trainable, int statistics) {
    float[] values = new float[trainable];
    WireVector vector =
        switch (format) {
          case FLOAT32 -> new Float32Vector(values);
          case BF16 -> Bfloat16Differences.between(values, values);
        };
    return new WireState(vector, vector, new float[statistics], new float[statistics]);
  }

  /** Whether it has neither NaN nor an infinity. */
  public boolean isFinite() {
    return trainable.isFinite()
        && momentum.isFinite()
        && Float32Vector.areFinite(means)
        && Float32Vector.areFinite(variances);
  }

  /** The trainable elements {@code from} to {@code to - 1}, and no statistics. */
  WireState range(int from, int to) {
    return new WireState(
        trainable.range(from, to), momentum.range(from, to), NO_STATISTICS, NO_STATISTICS);
  }

  /** The same, with all statistics. */
  WireState rangeWithStatistics(int from, int to) {
    return new WireState(trainable.range(from, to), momentum.range(from, to), means, variances);
  }
}
