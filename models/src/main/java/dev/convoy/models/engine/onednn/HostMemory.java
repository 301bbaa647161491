package dev.convoy.models.engine.onednn;

import dev.convoy.models.engine.backend.DeviceMemory;
import org.bytedeco.javacpp.Pointer;

/**
 * Zeroed memory of the process, beginning at a cache line. It comes from the C library and not from
 * JavaCPP's allocator, whose limits count the heap and every other library's memory too.
 */
final class HostMemory implements DeviceMemory {
  static final int ALIGNMENT = 64;

  private final long bytes;
  private final long address;
  private long block;

  HostMemory(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("cannot allocate " + bytes + " bytes; ask for 0 or more");
    }
    Pointer allocated = Pointer.calloc(1, bytes + ALIGNMENT);
    if (allocated == null) {
      throw new OutOfMemoryError("the system has no " + bytes + " bytes outside Java's heap");
    }
    this.bytes = bytes;
    this.block = allocated.address();
    this.address = aligned(block);
  }

  /** The next multiple of the alignment. */
  static long aligned(long offset) {
    return (offset + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  @Override
  public long address() {
    if (block == 0) {
      throw new IllegalStateException("this memory was freed");
    }
    return address;
  }

  @Override
  public long bytes() {
    return bytes;
  }

  @Override
  public void read(long offset, float[] into) {
    check(offset, into.length);
    new HostArrays().read(address() + offset, into, into.length);
  }

  @Override
  public void write(long offset, float[] from) {
    check(offset, from.length);
    new HostArrays().write(from, from.length, address() + offset);
  }

  private void check(long offset, int floats) {
    if (offset < 0 || offset + (long) floats * Float.BYTES > bytes) {
      throw new IndexOutOfBoundsException(
          floats + " floats at byte " + offset + " do not lie within " + bytes + " bytes");
    }
  }

  @Override
  public void close() {
    if (block != 0) {
      Pointer.free(new Address(block));
      block = 0;
    }
  }
}
