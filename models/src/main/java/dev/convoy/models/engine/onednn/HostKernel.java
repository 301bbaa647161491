package dev.convoy.models.engine.onednn;

/** What the library has no primitive for, as a loop in Java. Used by one thread at a time. */
interface HostKernel {
  /**
   * Computes once.
   *
   * @param addresses of its operands, in the stage's order
   * @param seed the run's, for what is drawn at random
   */
  void run(long[] addresses, long seed);
}
