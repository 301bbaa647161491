package dev.convoy.models;

import java.io.Serializable;

/** Shape of one input image: channels, height and width in pixels. */
public record InputShape(int channels, int height, int width) implements Serializable {
  private static final int LONGEST_SIDE = 1 << 14;

  public InputShape {
    if (channels < 1 || channels > LONGEST_SIDE) {
      throw new InvalidModelException(
          "input channels is " + channels + "; it has to be between 1 and " + LONGEST_SIDE);
    }
    if (height < 1 || width < 1 || height > LONGEST_SIDE || width > LONGEST_SIDE) {
      throw new InvalidModelException(
          "input height x width is "
              + height
              + "x"
              + width
              + "; each has to be between 1 and "
              + LONGEST_SIDE);
    }
  }

  /** Values in one image: channels x height x width. */
  public int values() {
    return Math.multiplyExact(Math.multiplyExact(channels, height), width);
  }

  @Override
  public String toString() {
    return channels + "x" + height + "x" + width;
  }
}
