package dev.convoy.data.image;

import java.nio.ByteBuffer;

/**
 * The IHDR chunk of a PNG.
 *
 * @param bits per sample
 * @param colourType 0 grey, 2 colour, 3 palette, 4 grey and alpha, 6 colour and alpha
 */
record PngHeader(int width, int height, int bits, int colourType) {
  private static final int LENGTH = 13;

  /** Reads sizes and mode; what else the chunk says is left to the JDK's reader to judge. */
  static PngHeader parse(byte[] body) throws UnreadableImageException {
    if (body.length != LENGTH) {
      throw new UnreadableImageException(
          "damaged PNG: a header chunk of " + body.length + " bytes");
    }
    ByteBuffer in = ByteBuffer.wrap(body);
    PngHeader header = new PngHeader(in.getInt(), in.getInt(), in.get(), in.get());
    ImageDecoder.requirePixels(header.width, header.height);
    return header;
  }

  boolean isPalette() {
    return colourType == 3;
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
}
