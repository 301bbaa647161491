package dev.convoy.data.augment;

import dev.convoy.data.image.PixelImage;
import java.io.Serializable;
import java.util.Optional;

/**
 * One step from image to image. A pure function of the image and the numbers it draws; it keeps
 * nothing and changes nothing, and so one object serves any number of threads.
 */
public interface Augmentation extends Serializable {

  /** What the step is called in a configuration. */
  String name();

  /**
   * The image after the step, with the same number of channels; the argument itself where nothing
   * changes.
   *
   * @throws dev.convoy.data.InvalidRequestException if the image is too small for the step
   */
  PixelImage apply(PixelImage image, AugmentRandom random);

  /**
   * The size after the step, the smallest one where sizes are drawn.
   *
   * @throws dev.convoy.data.InvalidRequestException if such an image is too small for the step
   */
  ImageSize outputSize(ImageSize input);

  /** The largest size after the step, where sizes are drawn; else {@link #outputSize}. */
  default ImageSize largestOutputSize(ImageSize input) {
    return outputSize(input);
  }

  /**
   * Fails unless the step can be applied to images of so many channels, as most can whatever the
   * number.
   *
   * @throws dev.convoy.data.InvalidRequestException saying what to change
   */
  default void requireChannels(int channels) {}

  /** The size after the step if it is the same for every image, whatever the image's size. */
  default Optional<ImageSize> fixedSize() {
    return Optional.empty();
  }
}
