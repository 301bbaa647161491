package dev.convoy.data.augment;

import dev.convoy.data.image.PixelImage;

/** A rectangle cut out of an image; what lies outside of the image is 0 (black). */
final class Window {
  private Window() {}

  /**
   * @param top row of the image that becomes row 0, may be negative
   * @param left column of the image that becomes column 0, may be negative
   */
  static PixelImage cut(PixelImage image, int top, int left, int height, int width) {
    if (top == 0 && left == 0 && height == image.height() && width == image.width()) {
      return image;
    }
    int channels = image.channels();
    byte[] out = new byte[height * width * channels];
    int firstRow = Math.max(0, -top);
    int endRow = Math.min(height, image.height() - top);
    int firstColumn = Math.max(0, -left);
    int columns = Math.min(width, image.width() - left) - firstColumn;
    for (int y = firstRow; y < endRow && columns > 0; y++) {
      System.arraycopy(
          image.data(),
          ((y + top) * image.width() + firstColumn + left) * channels,
          out,
          (y * width + firstColumn) * channels,
          columns * channels);
    }
    return new PixelImage(height, width, channels, out);
  }
}
