package dev.convoy.models.engine.onednn;

import dev.convoy.models.engine.ir.ElementType;

/** Writes float32 results to memory as float32 or bfloat16. Used by one thread at a time. */
final class FloatSink {
  private final HostArrays arrays;
  private final ElementType element;
  private final short[] rounded;

  /**
   * @param capacity the most elements that are written at once
   */
  FloatSink(ElementType element, int capacity, HostArrays arrays) {
    if (element == ElementType.UINT8) {
      throw new UnsupportedOperationException("results are FLOAT32 or BFLOAT16, not " + element);
    }
    this.arrays = arrays;
    this.element = element;
    this.rounded = new short[element == ElementType.BFLOAT16 ? capacity : 0];
  }

  /** Writes the first values to where an element of a tensor lies. */
  void write(float[] values, int count, long tensor, long index) {
    long address = tensor + index * element.bytes();
    if (element == ElementType.FLOAT32) {
      arrays.write(values, count, address);
    } else {
      Bfloat16.round(values, rounded, count);
      arrays.write(rounded, count, address);
    }
  }
}
