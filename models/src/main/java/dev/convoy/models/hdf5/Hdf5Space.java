package dev.convoy.models.hdf5;

import dev.convoy.models.InvalidModelException;
import java.nio.ByteBuffer;

/**
 * The dimensions of a dataset or an attribute (format specification IV.A.2.b).
 *
 * @param shape empty for a scalar
 * @param elements the shape's product
 */
// Never compared.
record Hdf5Space(int[] shape, long elements) {

  private static final int MOST_DIMENSIONS = 32;
  private static final int NULL_SPACE = 2;

  static Hdf5Space read(ByteBuffer message) {
    int version = message.get();
    int rank = message.get() & 0xff;
    message.get(); // flags
    if (version != 1 && version != 2) {
      throw Hdf5Bytes.damaged("a dataspace has version " + version);
    }
    if (rank > MOST_DIMENSIONS) {
      throw Hdf5Bytes.damaged("a dataspace has " + rank + " dimensions");
    }
    int type = message.get();
    if (version == 1) {
      message.getInt(); // reserved
    } else if (type == NULL_SPACE) {
      return new Hdf5Space(new int[] {0}, 0);
    }
    int[] shape = new int[rank];
    long elements = 1;
    for (int i = 0; i < rank; i++) {
      long size = message.getLong();
      if (size < 0 || size > Integer.MAX_VALUE) {
        throw Hdf5Bytes.damaged("a dimension is " + Long.toUnsignedString(size));
      }
      shape[i] = (int) size;
      elements = product(elements, size);
    }
    return new Hdf5Space(shape, elements);
  }

  private static long product(long elements, long size) {
    try {
      return Math.multiplyExact(elements, size);
    } catch (ArithmeticException e) {
      throw new InvalidModelException(Hdf5Bytes.message("a shape is too large"), e);
    }
  }
}
