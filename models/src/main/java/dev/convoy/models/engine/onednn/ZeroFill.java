package dev.convoy.models.engine.onednn;

import org.bytedeco.javacpp.Pointer;

/** Zeros, which are the same bytes for every element type. */
final class ZeroFill implements HostKernel {
  private final long bytes;
  private final Address target = new Address(0);

  ZeroFill(long bytes) {
    this.bytes = bytes;
  }

  @Override
  public void run(long[] addresses, long seed) {
    Pointer.memset(target.to(addresses[0]), 0, bytes);
  }
}
