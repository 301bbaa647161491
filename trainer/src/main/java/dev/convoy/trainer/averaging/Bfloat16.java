package dev.convoy.trainer.averaging;

/**
 * bfloat16: the upper half of a float32, that is 8 bits of exponent and 8 significant ones, one of
 * them hidden. The range is float32's, subnormal numbers included.
 */
final class Bfloat16 {

  private static final short NAN = 0x7FC0;

  private Bfloat16() {}

  /**
   * Rounds to the nearest, of two equally near ones to the even one (IEEE 754). What is beyond the
   * largest finite number by half a step or more becomes an infinity; a NaN stays one.
   */
  static short of(float value) {
    if (Float.isNaN(value)) {
      return NAN; // rounding could carry out of the significand
    }
    int bits = Float.floatToRawIntBits(value);
    int even = (bits >>> 16) & 1;
    return (short) ((bits + 0x7FFF + even) >>> 16);
  }

  /** The same number as float32, exactly. */
  static float toFloat(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  /** Whether it is neither NaN nor an infinity. */
  static boolean isFinite(short bits) {
    return (bits & 0x7F80) != 0x7F80;
  }
}
