package dev.convoy.data.ingest;

/**
 * What decoding found.
 *
 * @param width pixels, as the height
 * @param channels 1 for grey, 3 for colour
 */
public record ProbedImage(int width, int height, int channels) {
  public ProbedImage {
    if (width < 1 || height < 1 || (channels != 1 && channels != 3)) {
      throw new IllegalArgumentException(
          "An image of "
              + width
              + "x"
              + height
              + " with "
              + channels
              + " channels; sizes must be positive, channels 1 or 3");
    }
  }
}
