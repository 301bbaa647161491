package dev.convoy.trainer.averaging;

import java.util.Arrays;
import java.util.function.Supplier;

/**
 * Numbers as they are.
 *
 * @param values held as given, not copied
 */
record Float32Vector(float[] values) implements WireVector {

  @Override
  public int length() {
    return values.length;
  }

  @Override
  public WireVector range(int from, int to) {
    return new Float32Vector(Arrays.copyOfRange(values, from, to));
  }

  @Override
  public boolean isFinite() {
    return areFinite(values);
  }

  static boolean areFinite(float[] values) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public double[] origin(Supplier<float[]> start) {
    return WeightedMerge.nothing(values.length);
  }

  @Override
  public void addTo(double[] sum, double share) {
    WeightedMerge.add(values, share, sum);
  }
}
