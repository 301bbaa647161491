package dev.convoy.models.engine.onednn;

/** A loop in Java with the addresses of its operands, which are set when they are known. */
record HostStep(HostKernel kernel, long[] addresses) implements Step {
  @Override
  public void run(long seed) {
    kernel.run(addresses, seed);
  }
}
