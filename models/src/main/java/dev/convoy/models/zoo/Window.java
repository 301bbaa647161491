package dev.convoy.models.zoo;

/** What a convolution or a pooling looks at, the same in height and width. */
record Window(int kernel, int stride, int padding) {

  /** Without padding, one step at a time. */
  static Window of(int kernel) {
    return new Window(kernel, 1, 0);
  }

  /** Padded so that stride 1 keeps the size and stride 2 halves it, rounded up. Odd kernels. */
  static Window centred(int kernel, int stride) {
    return new Window(kernel, stride, kernel / 2);
  }
}
