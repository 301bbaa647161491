package dev.convoy.trainer.kryo;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/** Writes floats in blocks, at memory's speed; Kryo's own goes through them one by one. */
final class FloatArraySerializer extends Serializer<float[]> {

  private static final int BLOCK = 1 << 14;

  @Override
  public void write(Kryo kryo, Output output, float[] values) {
    output.writeInt(values.length, true);
    byte[] bytes = new byte[Math.min(BLOCK, values.length) * Float.BYTES];
    FloatBuffer block = block(bytes);
    for (int done = 0; done < values.length; done += BLOCK) {
      int count = Math.min(BLOCK, values.length - done);
      block.clear().put(values, done, count);
      output.writeBytes(bytes, 0, count * Float.BYTES);
    }
  }

  @Override
  public float[] read(Kryo kryo, Input input, Class<float[]> type) {
    float[] values = new float[input.readInt(true)];
    byte[] bytes = new byte[Math.min(BLOCK, values.length) * Float.BYTES];
    FloatBuffer block = block(bytes);
    for (int done = 0; done < values.length; done += BLOCK) {
      int count = Math.min(BLOCK, values.length - done);
      input.readBytes(bytes, 0, count * Float.BYTES);
      block.clear().get(values, done, count);
    }
    return values;
  }

  private static FloatBuffer block(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
  }
}
