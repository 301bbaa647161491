package dev.convoy.trainer.averaging;

import java.util.Arrays;
import java.util.function.Supplier;

/**
 * How far numbers went from the round's start, in bfloat16.
 *
 * @param values bfloat16 bits, held as given, not copied
 */
record Bfloat16Differences(short[] values) implements WireVector {

  /**
   * The differences in float32, each rounded to bfloat16. One that is too large for it is an
   * infinity.
   */
  static Bfloat16Differences between(float[] start, float[] end) {
    short[] values = new short[end.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = Bfloat16.of(end[i] - start[i]);
    }
    return new Bfloat16Differences(values);
  }

  @Override
  public int length() {
    return values.length;
  }

  @Override
  public WireVector range(int from, int to) {
    return new Bfloat16Differences(Arrays.copyOfRange(values, from, to));
  }

  @Override
  public boolean isFinite() {
    for (short value : values) {
      if (!Bfloat16.isFinite(value)) {
        return false;
      }
    }
    return true;
  }

  /** The start itself: the shares add up to 1, so that it counts once. */
  @Override
  public double[] origin(Supplier<float[]> start) {
    float[] from = start.get();
    double[] sum = new double[from.length];
    for (int i = 0; i < sum.length; i++) {
      sum[i] = from[i];
    }
    return sum;
  }

  @Override
  public void addTo(double[] sum, double share) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += share * Bfloat16.toFloat(values[i]);
    }
  }
}
