package dev.convoy.models.training;

import java.util.Arrays;

/**
 * The geometry of a convolution of one image {@code [channels, height, width]}, and the matrix that
 * turns it into a product: {@code [channels * kernelHeight * kernelWidth, outHeight * outWidth]},
 * one column for each output pixel, zeros where the kernel leaves the image (Chellapilla, Puri,
 * Simard 2006, "High Performance Convolutional Neural Networks for Document Processing").
 */
record ImageColumns(
    int channels,
    int height,
    int width,
    int kernelHeight,
    int kernelWidth,
    int strideHeight,
    int strideWidth,
    int padHeight,
    int padWidth) {

  int outHeight() {
    return (height + 2 * padHeight - kernelHeight) / strideHeight + 1;
  }

  int outWidth() {
    return (width + 2 * padWidth - kernelWidth) / strideWidth + 1;
  }

  int rows() {
    return channels * kernelHeight * kernelWidth;
  }

  int pixels() {
    return outHeight() * outWidth();
  }

  int imageLength() {
    return channels * height * width;
  }

  int length() {
    return rows() * pixels();
  }

  /** Fills the matrix from the image. */
  void gather(float[] image, float[] matrix) {
    int outWidth = outWidth();
    int to = 0;
    for (int row = 0; row < rows(); row++) {
      int kx = row % kernelWidth;
      int ky = row / kernelWidth % kernelHeight;
      int plane = row / (kernelWidth * kernelHeight) * height * width;
      int begin = firstInside(kx);
      int end = Math.max(begin, endInside(kx));
      for (int y = ky - padHeight, oy = 0; oy < outHeight(); oy++, y += strideHeight) {
        if (y < 0 || y >= height) {
          Arrays.fill(matrix, to, to + outWidth, 0f);
        } else {
          int from = plane + y * width + kx - padWidth;
          Arrays.fill(matrix, to, to + begin, 0f);
          Arrays.fill(matrix, to + end, to + outWidth, 0f);
          if (strideWidth == 1 && begin < end) {
            System.arraycopy(image, from + begin, matrix, to + begin, end - begin);
          } else {
            for (int ox = begin; ox < end; ox++) {
              matrix[to + ox] = image[from + ox * strideWidth];
            }
          }
        }
        to += outWidth;
      }
    }
  }

  /**
   * The transpose of {@link #gather}: each element of the matrix is added to the pixel it came
   * from.
   */
  void scatter(float[] matrix, float[] image) {
    Arrays.fill(image, 0, imageLength(), 0f);
    int outWidth = outWidth();
    int from = 0;
    for (int row = 0; row < rows(); row++) {
      int kx = row % kernelWidth;
      int ky = row / kernelWidth % kernelHeight;
      int plane = row / (kernelWidth * kernelHeight) * height * width;
      int begin = firstInside(kx);
      int end = endInside(kx);
      for (int y = ky - padHeight, oy = 0; oy < outHeight(); oy++, y += strideHeight) {
        if (y >= 0 && y < height) {
          int to = plane + y * width + kx - padWidth;
          if (strideWidth == 1) {
            for (int ox = begin; ox < end; ox++) {
              image[to + ox] += matrix[from + ox];
            }
          } else {
            for (int ox = begin; ox < end; ox++) {
              image[to + ox * strideWidth] += matrix[from + ox];
            }
          }
        }
        from += outWidth;
      }
    }
  }

  /** The first output column whose kernel column kx lies in the image. */
  private int firstInside(int kx) {
    return Math.min(outWidth(), Math.max(0, ceilDiv(padWidth - kx, strideWidth)));
  }

  /** One after the last output column whose kernel column kx lies in the image. */
  private int endInside(int kx) {
    return Math.max(0, Math.min(outWidth(), ceilDiv(width + padWidth - kx, strideWidth)));
  }

  private static int ceilDiv(int a, int b) {
    return -Math.floorDiv(-a, b);
  }
}
