package dev.convoy.models.engine.onednn;

/** Brain floating point: the upper half of a float32. */
final class Bfloat16 {
  private Bfloat16() {}

  /** The nearest, and of two equally near the even one. */
  static short round(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) ((bits >>> 16) | 0x40);
    }
    return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
  }

  static void round(float[] values, short[] target, int count) {
    for (int i = 0; i < count; i++) {
      target[i] = round(values[i]);
    }
  }
}
