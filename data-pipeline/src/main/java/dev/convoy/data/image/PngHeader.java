package dev.convoy.data.image;

/** The IHDR chunk of a PNG. */
record PngHeader(int width, int height, int bits, int colourType, boolean interlaced) {
  private static final int LENGTH = 13;
  private static final int PALETTE = 3;

  static PngHeader parse(byte[] in, int body, int length) throws UnreadableImageException {
    if (length != LENGTH) {
      throw new UnreadableImageException("damaged PNG: a header chunk of " + length + " bytes");
    }
    int width = int32(in, body);
    int height = int32(in, body + 4);
    int bits = in[body + 8];
    int colourType = in[body + 9];
    ImageDecoder.requirePixels(width, height);
    boolean known =
        switch (colourType) {
          case 0 -> bits == 1 || bits == 2 || bits == 4 || bits == 8 || bits == 16;
          case PALETTE -> bits == 1 || bits == 2 || bits == 4 || bits == 8;
          case 2, 4, 6 -> bits == 8 || bits == 16;
          default -> false;
        };
    if (!known || in[body + 10] != 0 || in[body + 11] != 0 || in[body + 12] >>> 1 != 0) {
      throw new UnreadableImageException(
          "damaged PNG: no such kind (colour type %d, %d bits, methods %d, %d, %d)"
              .formatted(colourType, bits, in[body + 10], in[body + 11], in[body + 12]));
    }
    return new PngHeader(width, height, bits, colourType, in[body + 12] == 1);
  }

  boolean isPalette() {
    return colourType == PALETTE;
  }

  boolean isGrey() {
    return colourType == 0 || colourType == 4;
  }

  boolean hasAlpha() {
    return colourType == 4 || colourType == 6;
  }

  /** Samples a pixel has in the file. */
  int channels() {
    return switch (colourType) {
      case 2 -> 3;
      case 4 -> 2;
      case 6 -> 4;
      default -> 1;
    };
  }

  /** Bytes of a row of so many pixels, without its filter byte. */
  int rowBytes(int pixels) {
    return Math.toIntExact(((long) pixels * channels() * bits + 7) / 8);
  }

  /** The distance in bytes to what the filters call the pixel to the left. */
  int filterDistance() {
    return Math.max(1, channels() * bits / 8);
  }

  static int int32(byte[] in, int offset) {
    return (in[offset] & 0xff) << 24
        | (in[offset + 1] & 0xff) << 16
        | (in[offset + 2] & 0xff) << 8
        | (in[offset + 3] & 0xff);
  }
}
