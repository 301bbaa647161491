package dev.convoy.trainer.averaging;

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

  /** A state of zeros, which takes as much room on the wire as any of its size. */
  public static WireState zeros(WireFormat format, int trainable, int statistics) {
    WireVector vector =
        switch (format) {
          case FLOAT32 -> new Float32Vector(new float[trainable]);
          case BF16 -> new Bfloat16Differences(new short[trainable]);
        };
    return new WireState(vector, vector, new float[statistics], new float[statistics]);
  }
}
