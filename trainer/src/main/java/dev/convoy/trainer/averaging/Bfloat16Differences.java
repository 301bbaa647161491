package dev.convoy.trainer.averaging;

import java.io.IOException;
import java.io.OutputStream;

/**
 * How far numbers went from the round's start, in bfloat16.
 *
 * @param values bfloat16 bits, held as given, not copied
 */
record Bfloat16Differences(short[] values) implements WireVector {

  /**
   * The differences of some elements in float32, each rounded to bfloat16. One that is too large
   * for it is an infinity.
   */
  static short[] values(float[] start, float[] end, int from, int count) {
    short[] values = new short[count];
    for (int i = 0; i < count; i++) {
      values[i] = Bfloat16.of(end[from + i] - start[from + i]);
    }
    return values;
  }

  @Override
  public int length() {
    return values.length;
  }

  /** The shares add up to 1, so that the start counts once. */
  @Override
  public boolean needsStart() {
    return true;
  }

  @Override
  public void addTo(double[] sum, double share, int from, int count) {
    for (int i = 0; i < count; i++) {
      sum[i] += share * Bfloat16.toFloat(values[from + i]);
    }
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    new NumberBlocks().write(values, out);
  }
}
