package dev.convoy.data.augment;

import dev.convoy.data.image.PixelImage;

/** Replaces each of the 256 levels of a pixel by another one. */
final class Levels {
  private Levels() {}

  /**
   * @param tables the new levels: one table for each channel, or one for all
   */
  static PixelImage replace(PixelImage image, byte[]... tables) {
    byte[] in = image.data();
    byte[] out = new byte[in.length];
    int channels = image.channels();
    for (int channel = 0; channel < channels; channel++) {
      byte[] table = tables[Math.min(channel, tables.length - 1)];
      for (int i = channel; i < in.length; i += channels) {
        out[i] = table[in[i] & 0xff];
      }
    }
    return new PixelImage(image.height(), image.width(), channels, out);
  }
}
