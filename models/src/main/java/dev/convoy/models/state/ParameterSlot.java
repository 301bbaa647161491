package dev.convoy.models.state;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Where one tensor lies in DL4J's flat vector. Kernels {@code [out, in, h, w]} lie there in C
 * order, and dense weights, which are {@code [in, out]} in Fortran order to DL4J, are PyTorch's
 * {@code [out, in]} in C order: in both cases the same numbers in the same sequence, so nothing is
 * ever transposed.
 *
 * @param name PyTorch's {@code state_dict} key, such as {@code layer1.0.bn1.running_mean}
 * @param shape PyTorch's shape
 * @param offset of the first element in the flat vector
 * @param length number of elements
 */
// Shapes are int[] everywhere here; equality is by content, below.
public record ParameterSlot(String name, int[] shape, ParameterKind kind, int offset, int length)
    implements Serializable {

  public ParameterSlot {
    shape = shape.clone();
    long elements = 1;
    for (int size : shape) {
      elements *= size;
    }
    if (elements != length) {
      throw new IllegalArgumentException(
          name + " of shape " + Arrays.toString(shape) + " cannot have length " + length);
    }
  }

  @Override
  public int[] shape() {
    return shape.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ParameterSlot that
        && name.equals(that.name)
        && Arrays.equals(shape, that.shape)
        && kind == that.kind
        && offset == that.offset
        && length == that.length;
  }

  @Override
  public int hashCode() {
    return 31 * name.hashCode() + offset;
  }

  @Override
  public String toString() {
    return name + Arrays.toString(shape) + " at " + offset;
  }
}
