package dev.convoy.models.state;

import java.io.Serializable;
import java.util.Arrays;

/**
 * A float32 tensor in C order. The arrays are held as given, not copied, because they may be large;
 * whoever has given them away must not change them.
 *
 * @param shape sizes of the dimensions; empty for a scalar
 */
// A tensor is an array; equality is by content, below.
public record NamedTensor(int[] shape, float[] values) implements Serializable {

  public NamedTensor {
    long elements = 1;
    for (int size : shape) {
      if (size < 0) {
        throw new IllegalArgumentException("negative size in shape " + Arrays.toString(shape));
      }
      elements = Math.multiplyExact(elements, size);
    }
    if (elements != values.length) {
      throw new IllegalArgumentException(
          "shape "
              + Arrays.toString(shape)
              + " has "
              + elements
              + " elements, but "
              + values.length
              + " values were given");
    }
  }

  /** Equal shapes and equal bits: a NaN equals itself, 0.0 does not equal -0.0. */
  @Override
  public boolean equals(Object other) {
    return other instanceof NamedTensor that
        && Arrays.equals(shape, that.shape)
        && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(shape) + Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return "NamedTensor" + Arrays.toString(shape);
  }
}
