package dev.convoy.models.hdf5;

import java.nio.ByteBuffer;

/**
 * What the elements of a dataset or an attribute are (format specification IV.A.2.d).
 *
 * @param name for messages, such as {@code float32}
 * @param size bytes of an element
 */
record Hdf5Type(Kind kind, String name, int size) {

  /** What is told apart. */
  enum Kind {
    FLOAT32,
    FIXED_TEXT,
    VARIABLE_TEXT,
    OTHER
  }

  private static final int FLOAT_PROPERTIES = 12;

  static Hdf5Type read(ByteBuffer message) {
    int classAndVersion = message.get();
    int bits = (message.get() & 0xff) | ((message.getShort() & 0xffff) << 8);
    int size = message.getInt();
    if (size < 1) {
      throw Hdf5Bytes.damaged("a type has elements of " + size + " bytes");
    }
    return switch (classAndVersion & 0x0f) {
      case 0 -> new Hdf5Type(Kind.OTHER, "int" + 8L * size, size);
      case 1 -> floating(message, bits, size);
      case 3 -> new Hdf5Type(Kind.FIXED_TEXT, "text", size);
      case 9 -> variable(bits, size);
      default -> new Hdf5Type(Kind.OTHER, "of HDF5's type class " + (classAndVersion & 0x0f), size);
    };
  }

  /** IEEE 754 binary32, little-endian, is the one that is read. */
  private static Hdf5Type floating(ByteBuffer message, int bits, int size) {
    boolean bigEndian = (bits & 0x41) != 0;
    if (size != Float.BYTES || bigEndian || message.remaining() < FLOAT_PROPERTIES) {
      return new Hdf5Type(
          Kind.OTHER, "float" + 8L * size + (bigEndian ? ", big-endian" : ""), size);
    }
    boolean ieee =
        ((bits >> 8) & 0xff) == 31
            && message.getShort() == 0
            && message.getShort() == 32
            && message.get() == 23
            && message.get() == 8
            && message.get() == 0
            && message.get() == 23
            && message.getInt() == 127;
    return ieee
        ? new Hdf5Type(Kind.FLOAT32, "float32", size)
        : new Hdf5Type(Kind.OTHER, "a float of 32 bits that is not IEEE's", size);
  }

  private static Hdf5Type variable(int bits, int size) {
    boolean text = (bits & 0x0f) == 1 && size == Hdf5GlobalHeap.REFERENCE_BYTES;
    return new Hdf5Type(
        text ? Kind.VARIABLE_TEXT : Kind.OTHER, text ? "text" : "lists of varying length", size);
  }
}
