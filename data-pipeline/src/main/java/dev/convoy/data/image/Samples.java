package dev.convoy.data.image;

/**
 * Samples as a file holds them, 8 bits each: interleaved, top row first; 1 band is grey, 2 grey and
 * alpha, 3 colour, 4 colour and alpha.
 */
record Samples(int width, int height, int bands, byte[] data) {

  boolean isGrey() {
    return bands < 3;
  }

  /** Composes alpha on white and converts to the channels asked for. */
  PixelImage toImage(int channels) {
    Samples opaque = bands == 2 || bands == 4 ? onWhite() : this;
    PixelImage image = new PixelImage(height, width, opaque.bands, opaque.data);
    if (channels == 1) {
      return image.grey();
    }
    return opaque.bands == 3
        ? image
        : new PixelImage(height, width, channels, repeated(opaque.data));
  }

  private Samples onWhite() {
    int colours = bands - 1;
    int pixels = width * height;
    byte[] result = new byte[pixels * colours];
    for (int p = 0; p < pixels; p++) {
      int alpha = data[p * bands + colours] & 0xff;
      for (int c = 0; c < colours; c++) {
        int value = data[p * bands + c] & 0xff;
        result[p * colours + c] = (byte) ((value * alpha + 255 * (255 - alpha) + 127) / 255);
      }
    }
    return new Samples(width, height, colours, result);
  }

  private static byte[] repeated(byte[] grey) {
    byte[] rgb = new byte[grey.length * 3];
    for (int p = 0; p < grey.length; p++) {
      rgb[3 * p] = grey[p];
      rgb[3 * p + 1] = grey[p];
      rgb[3 * p + 2] = grey[p];
    }
    return rgb;
  }
}
