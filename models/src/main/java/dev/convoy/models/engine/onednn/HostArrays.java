package dev.convoy.models.engine.onednn;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.ShortPointer;

/**
 * Copies between Java's arrays and raw memory, without allocating: loops over arrays are what the
 * JIT compiler vectorises. Used by one thread at a time.
 */
final class HostArrays {
  /** Elements of a piece that, with its neighbours, stays in the first-level caches. */
  static final int CHUNK = 8192;

  private final Floats floats = new Floats();
  private final Shorts shorts = new Shorts();
  private final Bytes bytes = new Bytes();

  void read(long address, float[] target, int count) {
    floats.at(address).get(target, 0, count);
  }

  void read(long address, byte[] target, int count) {
    bytes.at(address).get(target, 0, count);
  }

  void write(float[] source, int count, long address) {
    floats.at(address).put(source, 0, count);
  }

  void write(short[] source, int count, long address) {
    shorts.at(address).put(source, 0, count);
  }

  private static final class Floats extends FloatPointer {
    Floats() {
      super((Pointer) null);
    }

    Floats at(long to) {
      this.address = to;
      return this;
    }
  }

  private static final class Shorts extends ShortPointer {
    Shorts() {
      super((Pointer) null);
    }

    Shorts at(long to) {
      this.address = to;
      return this;
    }
  }

  private static final class Bytes extends BytePointer {
    Bytes() {
      super((Pointer) null);
    }

    Bytes at(long to) {
      this.address = to;
      return this;
    }
  }
}
