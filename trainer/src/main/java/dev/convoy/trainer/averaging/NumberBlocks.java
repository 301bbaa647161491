package dev.convoy.trainer.averaging;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Arrays of numbers to and from streams, little-endian, in blocks that stay in a core's cache. */
final class NumberBlocks {

  private static final int BLOCK_BYTES = 1 << 16;

  private final byte[] bytes = new byte[BLOCK_BYTES];
  private final ByteBuffer block = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);

  void write(float[] values, int from, int count, OutputStream out) throws IOException {
    int most = BLOCK_BYTES / Float.BYTES;
    for (int done = 0; done < count; done += most) {
      int now = Math.min(most, count - done);
      block.asFloatBuffer().put(values, from + done, now);
      out.write(bytes, 0, now * Float.BYTES);
    }
  }

  void write(short[] values, OutputStream out) throws IOException {
    int most = BLOCK_BYTES / Short.BYTES;
    for (int done = 0; done < values.length; done += most) {
      int now = Math.min(most, values.length - done);
      block.asShortBuffer().put(values, done, now);
      out.write(bytes, 0, now * Short.BYTES);
    }
  }

  float[] readFloats(int count, InputStream in) throws IOException {
    float[] values = new float[count];
    int most = BLOCK_BYTES / Float.BYTES;
    for (int done = 0; done < count; done += most) {
      int now = Math.min(most, count - done);
      fill(now * Float.BYTES, in);
      block.asFloatBuffer().get(values, done, now);
    }
    return values;
  }

  short[] readShorts(int count, InputStream in) throws IOException {
    short[] values = new short[count];
    int most = BLOCK_BYTES / Short.BYTES;
    for (int done = 0; done < count; done += most) {
      int now = Math.min(most, count - done);
      fill(now * Short.BYTES, in);
      block.asShortBuffer().get(values, done, now);
    }
    return values;
  }

  private void fill(int count, InputStream in) throws IOException {
    if (in.readNBytes(bytes, 0, count) < count) {
      throw new EOFException("a worker's slice ends early");
    }
  }
}
