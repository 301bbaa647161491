package dev.convoy.models.safetensors;

import java.nio.ByteBuffer;
import java.util.Optional;

/** The types of elements that are read. */
enum SafetensorsType {
  /** IEEE 754 binary32. */
  F32(Float.BYTES),
  /** IEEE 754 binary16. */
  F16(Short.BYTES),
  /** The upper half of a binary32. */
  BF16(Short.BYTES),
  /** PyTorch's count of the batches that a batch norm has seen. */
  COUNTER(Long.BYTES);

  private static final String COUNTER_NAME = "num_batches_tracked";
  private static final int HALF_SIGN = 0x8000;
  private static final int HALF_EXPONENT = 0x7c00;
  private static final int HALF_FRACTION = 0x03ff;
  private static final int FRACTION_SHIFT = 13;
  private static final int EXPONENT_REBIAS = (127 - 15) << 23;
  private static final float SMALLEST_HALF = 0x1p-24f;

  private final int bytes;

  SafetensorsType(int bytes) {
    this.bytes = bytes;
  }

  /** Of one element. */
  int bytes() {
    return bytes;
  }

  /**
   * The type of a tensor, if it is read.
   *
   * @param dtype as the format calls it
   */
  static Optional<SafetensorsType> of(String tensor, String dtype) {
    return switch (dtype) {
      case "F32" -> Optional.of(F32);
      case "F16" -> Optional.of(F16);
      case "BF16" -> Optional.of(BF16);
      case "I64" -> tensor.endsWith(COUNTER_NAME) ? Optional.of(COUNTER) : Optional.empty();
      default -> Optional.empty();
    };
  }

  /** Elements as float32, which has all of their values; a NaN stays one. */
  float[] values(ByteBuffer content, int elements) {
    float[] values = new float[elements];
    switch (this) {
      case F32 -> content.asFloatBuffer().get(values);
      case F16 -> {
        for (int i = 0; i < elements; i++) {
          values[i] = half(content.getShort());
        }
      }
      case BF16 -> {
        for (int i = 0; i < elements; i++) {
          values[i] = Float.intBitsToFloat(content.getShort() << Short.SIZE);
        }
      }
      case COUNTER -> throw new IllegalStateException("a counter has no float32 values");
    }
    return values;
  }

  private static float half(short bits) {
    int sign = (bits & HALF_SIGN) << Short.SIZE;
    int exponent = bits & HALF_EXPONENT;
    int fraction = bits & HALF_FRACTION;
    if (exponent == 0) {
      float subnormal = fraction * SMALLEST_HALF;
      return Float.intBitsToFloat(sign | Float.floatToRawIntBits(subnormal));
    }
    int magnitude = (exponent | fraction) << FRACTION_SHIFT;
    int rebias = exponent == HALF_EXPONENT ? 2 * EXPONENT_REBIAS : EXPONENT_REBIAS;
    return Float.intBitsToFloat(sign | (magnitude + rebias));
  }
}
