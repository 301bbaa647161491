package dev.convoy.models.hdf5;

import dev.convoy.models.InvalidModelException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * The file's bytes, in pieces that lie within it. Structures refer to each other by address, and
 * nothing in the format keeps them from doing so in circles: therefore everything that is looked at
 * counts, and a file in which more is to be looked at than it can honestly hold is refused.
 */
final class Hdf5Bytes {

  /** Address of what is not there. */
  static final long UNDEFINED = -1;

  /** How often, on average, an honest reader looks at the same byte of structure. */
  private static final int LOOKS = 8;

  private static final int FIXED_LOOKS = 1 << 16;

  private final ByteBuffer content;
  private long budget;

  Hdf5Bytes(byte[] content) {
    this.content = ByteBuffer.wrap(content).asReadOnlyBuffer();
    this.budget = (long) LOOKS * content.length + FIXED_LOOKS;
  }

  /** A piece of structure, counted. */
  ByteBuffer structure(long address, long length, String what) {
    count(length, what);
    return piece(address, length, what);
  }

  /** A piece of the tensors' data, not counted here. */
  ByteBuffer piece(long address, long length, String what) {
    if (address < 0 || length < 0 || address > content.capacity() - length) {
      throw damaged(
          what
              + " should lie at byte "
              + Long.toUnsignedString(address)
              + " with "
              + Long.toUnsignedString(length)
              + " bytes, but the file has "
              + content.capacity());
    }
    return content.slice((int) address, (int) length).order(ByteOrder.LITTLE_ENDIAN);
  }

  void count(long bytes, String what) {
    budget -= Math.max(bytes, 1);
    if (budget < 0) {
      throw damaged(
          "its structures refer to each other in circles or overlap; the last one was " + what);
    }
  }

  int length() {
    return content.capacity();
  }

  /** The text before the first zero byte, or all of it. */
  String text(ByteBuffer bytes, String what) {
    int end = bytes.position();
    while (end < bytes.limit() && bytes.get(end) != 0) {
      end++;
    }
    count(end - bytes.position(), what);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes.duplicate().limit(end)).toString();
    } catch (CharacterCodingException e) {
      throw new InvalidModelException(message(what + " is not UTF-8"), e);
    }
  }

  static void signature(ByteBuffer bytes, String expected, String what) {
    for (int i = 0; i < expected.length(); i++) {
      if (bytes.get() != (byte) expected.charAt(i)) {
        throw damaged(what + " does not begin with " + expected);
      }
    }
  }

  static InvalidModelException damaged(String what) {
    return new InvalidModelException(message(what));
  }

  static String message(String what) {
    return "not a sound HDF5 file: " + what;
  }

  static InvalidModelException unsupported(String what) {
    return new InvalidModelException(
        "the HDF5 file uses "
            + what
            + ", which is not read; files as h5py writes them by default are (in Python, copy it"
            + " with h5py.File(new, \"w\") and source.copy, without libver or compression)");
  }
}
