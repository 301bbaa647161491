package dev.convoy.trainer.kryo;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;

/**
 * Writes bfloat16 numbers in blocks, at memory's speed; Kryo's own goes through them one by one.
 */
final class ShortArraySerializer extends Serializer<short[]> {

  private static final int BLOCK = 1 << 14;

  @Override
  public void write(Kryo kryo, Output output, short[] values) {
    output.writeInt(values.length, true);
    byte[] bytes = new byte[Math.min(BLOCK, values.length) * Short.BYTES];
    ShortBuffer block = block(bytes);
    for (int done = 0; done < values.length; done += BLOCK) {
      int count = Math.min(BLOCK, values.length - done);
      block.clear().put(values, done, count);
      output.writeBytes(bytes, 0, count * Short.BYTES);
    }
  }

  @Override
  public short[] read(Kryo kryo, Input input, Class<short[]> type) {
    short[] values = new short[input.readInt(true)];
    byte[] bytes = new byte[Math.min(BLOCK, values.length) * Short.BYTES];
    ShortBuffer block = block(bytes);
    for (int done = 0; done < values.length; done += BLOCK) {
      int count = Math.min(BLOCK, values.length - done);
      input.readBytes(bytes, 0, count * Short.BYTES);
      block.clear().get(values, done, count);
    }
    return values;
  }

  private static ShortBuffer block(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer();
  }
}
