package dev.convoy.models.engine.ir;

/** What one element of a tensor is. */
public enum ElementType {
  FLOAT32(4),
  /** Brain floating point: float32's exponent, 8 bits of precision. */
  BFLOAT16(2),
  UINT8(1);

  private final int bytes;

  ElementType(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes of one element. */
  public int bytes() {
    return bytes;
  }
}
