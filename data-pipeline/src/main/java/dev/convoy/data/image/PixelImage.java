package dev.convoy.data.image;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Decoded pixels: unsigned bytes in the order height, width, channel (HWC), top row first; 1
 * channel is grey, 3 are red, green, blue. Value {@code (y, x, c)} is {@code data()[(y * width + x)
 * * channels + c]}.
 *
 * <p>The array is not copied, neither on the way in nor out: who hands it over or asks for it must
 * not change it afterwards.
 */
public final class PixelImage implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int height;
  private final int width;
  private final int channels;
  private final byte[] data;

  /**
   * @param height rows, at least 1
   * @param width columns, at least 1
   * @param channels 1 (grey) or 3 (red, green, blue)
   * @param data {@code height * width * channels} unsigned bytes, HWC
   * @throws IllegalArgumentException if the sizes are out of range or do not fit the data
   */
  public PixelImage(int height, int width, int channels, byte[] data) {
    if (height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "an image has at least one row and one column, not " + height + " x " + width);
    }
    requireChannels(channels);
    if (data.length != (long) height * width * channels) {
      throw new IllegalArgumentException(
          "%d bytes given for an image of %d x %d pixels with %d channel(s), which needs %d"
              .formatted(data.length, height, width, channels, (long) height * width * channels));
    }
    this.height = height;
    this.width = width;
    this.channels = channels;
    this.data = data;
  }

  static void requireChannels(int channels) {
    if (channels != 1 && channels != 3) {
      throw new IllegalArgumentException(
          "an image has 1 (grey) or 3 (red, green, blue) channels, not " + channels);
    }
  }

  public int height() {
    return height;
  }

  public int width() {
    return width;
  }

  public int channels() {
    return channels;
  }

  /** The pixels themselves, HWC, not a copy. */
  public byte[] data() {
    return data;
  }

  /**
   * The image in grey: ITU-R BT.601's luma in fixed point of 16 bits, as Pillow's {@code
   * convert("L")}; the image itself if it is grey.
   */
  public PixelImage grey() {
    if (channels == 1) {
      return this;
    }
    byte[] grey = new byte[data.length / channels];
    for (int p = 0; p < grey.length; p++) {
      int r = data[3 * p] & 0xff;
      int g = data[3 * p + 1] & 0xff;
      int b = data[3 * p + 2] & 0xff;
      grey[p] = (byte) ((r * 19595 + g * 38470 + b * 7471 + 0x8000) >> 16);
    }
    return new PixelImage(height, width, 1, grey);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PixelImage that
        && height == that.height
        && width == that.width
        && channels == that.channels
        && Arrays.equals(data, that.data);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * (31 * height + width) + channels) + Arrays.hashCode(data);
  }

  @Override
  public String toString() {
    return "PixelImage[" + height + " x " + width + " x " + channels + "]";
  }
}
