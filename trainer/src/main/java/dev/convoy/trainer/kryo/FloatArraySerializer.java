package dev.convoy.trainer.kryo;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Writes an array of numbers in blocks, little-endian; Kryo's own serializer goes through it number
 * by number.
 */
final class FloatArraySerializer extends Serializer<float[]> {

  private static final int BLOCK = 1 << 14;

  @Override
  public void write(Kryo kryo, Output output, float[] values) {
    output.writeInt(values.length, true);
    byte[] bytes = new byte[Math.min(BLOCK, values.length) * Float.BYTES];
    ByteBuffer block = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int done = 0; done < values.length; done += BLOCK) {
      int count = Math.min(BLOCK, values.length - done);
      block.asFloatBuffer().put(values, done, count);
      output.writeBytes(bytes, 0, count * Float.BYTES);
    }
  }

  @Override
  public float[] read(Kryo kryo, Input input, Class<float[]> type) {
    float[] values = new float[input.readInt(true)];
    byte[] bytes = new byte[Math.min(BLOCK, values.length) * Float.BYTES];
    ByteBuffer block = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int done = 0; done < values.length; done += BLOCK) {
      int count = Math.min(BLOCK, values.length - done);
      input.readBytes(bytes, 0, count * Float.BYTES);
      block.asFloatBuffer().get(values, done, count);
    }
    return values;
  }
}
