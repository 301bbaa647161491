package dev.convoy.models.engine.onednn;

import dev.convoy.models.engine.ir.Window;

/** A window in the library's words: height before width, and a dilation of 0 is none. */
record WindowArguments(
    long[] kernel, long[] strides, long[] dilations, long[] before, long[] after) {

  /**
   * Of a window.
   *
   * @throws UnsupportedOperationException if more of the image is never seen than a stride leaves
   *     over
   */
  static WindowArguments of(Window window) {
    if (window.padBottom() <= -window.strideHeight()
        || window.padRight() <= -window.strideWidth()) {
      throw new UnsupportedOperationException(
          "oneDNN's windows may leave out less than one stride: slice the image instead of "
              + window);
    }
    return new WindowArguments(
        new long[] {window.height(), window.width()},
        new long[] {window.strideHeight(), window.strideWidth()},
        new long[] {window.dilationHeight() - 1L, window.dilationWidth() - 1L},
        new long[] {window.padTop(), window.padLeft()},
        new long[] {window.padBottom(), window.padRight()});
  }
}
