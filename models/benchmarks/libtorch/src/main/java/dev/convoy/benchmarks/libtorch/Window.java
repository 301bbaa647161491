package dev.convoy.benchmarks.libtorch;

/**
 * A square window of a convolution or pooling, in pixels.
 *
 * @param size side of the window
 * @param stride step between windows
 * @param padding pixels added on each side
 */
record Window(int size, int stride, int padding) {

  /** A window that keeps the image's size at stride 1: odd, padded by half of it. */
  static Window same(int size, int stride) {
    return new Window(size, stride, size / 2);
  }

  long[] sizes() {
    return new long[] {size, size};
  }

  long[] strides() {
    return new long[] {stride, stride};
  }

  long[] paddings() {
    return new long[] {padding, padding};
  }
}
