package dev.convoy.models.export;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Float32 as bytes, little-endian, a piece at a time. */
final class FloatBytes {
  private static final int PIECE = 1 << 14;

  private FloatBytes() {}

  static void write(OutputStream out, float[] values, int from, int length) throws IOException {
    ByteBuffer piece = ByteBuffer.allocate(PIECE * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at < length; at += PIECE) {
      int count = Math.min(PIECE, length - at);
      piece.clear().asFloatBuffer().put(values, from + at, count);
      out.write(piece.array(), 0, count * Float.BYTES);
    }
  }
}
