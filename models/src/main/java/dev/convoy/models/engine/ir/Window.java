package dev.convoy.models.engine.ir;

/**
 * What a convolution or a pooling looks at, in pixels. A dilation of 1 is none. Padding at the
 * bottom and at the right may be less than 0: those pixels are never seen.
 */
public record Window(
    int height,
    int width,
    int strideHeight,
    int strideWidth,
    int dilationHeight,
    int dilationWidth,
    int padTop,
    int padLeft,
    int padBottom,
    int padRight) {

  public Window {
    if (Math.min(height, width) < 1
        || Math.min(strideHeight, strideWidth) < 1
        || Math.min(dilationHeight, dilationWidth) < 1
        || Math.min(padTop, padLeft) < 0) {
      throw new IllegalArgumentException(
          "kernel, stride and dilation have to be 1 or more and padding 0 or more");
    }
  }

  /** A square window with the same padding on every side. */
  public static Window square(int size, int stride, int padding) {
    return new Window(size, size, stride, stride, 1, 1, padding, padding, padding, padding);
  }

  /** Rows of the output for so many rows of the input. */
  public int outputHeight(int inputHeight) {
    return output(inputHeight + padTop + padBottom, height, strideHeight, dilationHeight);
  }

  /** Columns of the output for so many columns of the input. */
  public int outputWidth(int inputWidth) {
    return output(inputWidth + padLeft + padRight, width, strideWidth, dilationWidth);
  }

  private static int output(int padded, int kernel, int stride, int dilation) {
    int reach = (kernel - 1) * dilation + 1;
    if (padded < reach) {
      throw new IllegalArgumentException(
          "a window of " + reach + " pixels does not fit into " + padded);
    }
    return (padded - reach) / stride + 1;
  }
}
