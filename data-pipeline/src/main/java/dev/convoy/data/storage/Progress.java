package dev.convoy.data.storage;

/**
 * A sign of life of an operation that takes many steps: whoever waits for it counts from the last
 * one. Safe for concurrent use.
 */
final class Progress {
  private volatile long last = System.nanoTime();

  /** The store answered, and the operation goes on. */
  void made() {
    last = System.nanoTime();
  }

  /** The {@link System#nanoTime} of the last sign; at first when this was made. */
  long last() {
    return last;
  }
}
