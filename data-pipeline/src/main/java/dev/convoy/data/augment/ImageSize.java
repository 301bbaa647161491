package dev.convoy.data.augment;

import dev.convoy.data.InvalidRequestException;

/** Height and width in pixels, each at least 1. */
public record ImageSize(int height, int width) {
  public ImageSize {
    if (height < 1 || width < 1) {
      throw new InvalidRequestException(
          "height and width are at least 1, not " + height + " and " + width);
    }
  }

  @Override
  public String toString() {
    return height + " x " + width;
  }
}
