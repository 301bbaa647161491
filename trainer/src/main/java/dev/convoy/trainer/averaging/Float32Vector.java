package dev.convoy.trainer.averaging;

import java.io.IOException;
import java.io.OutputStream;

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

  static boolean areFinite(float[] values) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        return false;
      }
    }
    return true;
  }

  /** Numbers themselves are summed from nothing. */
  @Override
  public boolean needsStart() {
    return false;
  }

  @Override
  public void addTo(double[] sum, double share, int from, int count) {
    for (int i = 0; i < count; i++) {
      sum[i] += share * values[from + i];
    }
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    new NumberBlocks().write(values, 0, values.length, out);
  }
}
