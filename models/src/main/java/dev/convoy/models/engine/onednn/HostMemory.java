package dev.convoy.models.engine.onednn;

import dev.convoy.models.engine.backend.DeviceMemory;
import org.bytedeco.javacpp.Pointer;

/**
 * Zeroed memory of the process, beginning at a cache line, in huge pages where it is large. It
 * comes from the C library and not from JavaCPP's allocator, whose limits count the heap and every
 * other library's memory too.
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
    // Smaller than a few huge pages, the filling up to one would weigh more than what it spares.
    boolean large = bytes >= 4L * HugePages.BYTES;
    int alignment = large ? HugePages.BYTES : ALIGNMENT;
    Pointer allocated = Pointer.calloc(1, bytes + alignment);
    if (allocated == null) {
      throw new OutOfMemoryError("the system has no " + bytes + " bytes outside Java's heap");
    }
    this.bytes = bytes;
    this.block = allocated.address();
    this.address = roundUp(block, alignment);
    if (large) {
      HugePages.advise(address, bytes);
    }
  }

  /** The next offset at which a tensor may begin. */
  static long aligned(long offset) {
    return roundUp(offset, ALIGNMENT);
  }

  private static long roundUp(long offset, int alignment) {
    return (offset + alignment - 1) / alignment * alignment;
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
