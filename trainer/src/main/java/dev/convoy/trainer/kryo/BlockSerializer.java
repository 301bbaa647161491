package dev.convoy.trainer.kryo;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Writes an array of numbers in blocks, little-endian; Kryo's own serializers go through arrays
 * number by number.
 *
 * @param <A> the array
 */
abstract class BlockSerializer<A> extends Serializer<A> {

  private static final int BLOCK = 1 << 14;

  private final int bytesEach;

  private BlockSerializer(int bytesEach) {
    this.bytesEach = bytesEach;
  }

  static BlockSerializer<float[]> floats() {
    return new BlockSerializer<>(Float.BYTES) {
      @Override
      float[] array(int length) {
        return new float[length];
      }

      @Override
      int length(float[] array) {
        return array.length;
      }

      @Override
      void put(float[] array, int from, int count, ByteBuffer block) {
        block.asFloatBuffer().put(array, from, count);
      }

      @Override
      void get(float[] array, int from, int count, ByteBuffer block) {
        block.asFloatBuffer().get(array, from, count);
      }
    };
  }

  /** Of bfloat16 numbers. */
  static BlockSerializer<short[]> shorts() {
    return new BlockSerializer<>(Short.BYTES) {
      @Override
      short[] array(int length) {
        return new short[length];
      }

      @Override
      int length(short[] array) {
        return array.length;
      }

      @Override
      void put(short[] array, int from, int count, ByteBuffer block) {
        block.asShortBuffer().put(array, from, count);
      }

      @Override
      void get(short[] array, int from, int count, ByteBuffer block) {
        block.asShortBuffer().get(array, from, count);
      }
    };
  }

  abstract A array(int length);

  abstract int length(A array);

  abstract void put(A array, int from, int count, ByteBuffer block);

  abstract void get(A array, int from, int count, ByteBuffer block);

  @Override
  public void write(Kryo kryo, Output output, A values) {
    int length = length(values);
    output.writeInt(length, true);
    byte[] bytes = new byte[Math.min(BLOCK, length) * bytesEach];
    ByteBuffer block = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int done = 0; done < length; done += BLOCK) {
      int count = Math.min(BLOCK, length - done);
      put(values, done, count, block);
      output.writeBytes(bytes, 0, count * bytesEach);
    }
  }

  @Override
  public A read(Kryo kryo, Input input, Class<A> type) {
    A values = array(input.readInt(true));
    int length = length(values);
    byte[] bytes = new byte[Math.min(BLOCK, length) * bytesEach];
    ByteBuffer block = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int done = 0; done < length; done += BLOCK) {
      int count = Math.min(BLOCK, length - done);
      input.readBytes(bytes, 0, count * bytesEach);
      get(values, done, count, block);
    }
    return values;
  }
}
