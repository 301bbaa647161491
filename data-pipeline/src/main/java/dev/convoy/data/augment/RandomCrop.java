package dev.convoy.data.augment;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import dev.convoy.data.InvalidRequestException;
import dev.convoy.data.image.PixelImage;
import java.util.Optional;

/**
 * Pads every side with {@code padding} pixels of 0 (black) and cuts out height x width at a uniform
 * place; the row is drawn first. With 32, 32 and 4 this is the customary augmentation of CIFAR
 * (arXiv:1512.03385, section 4.2).
 *
 * @param height at least 1
 * @param width at least 1
 * @param padding at least 0
 */
@DefaultSerializer(JavaSerializer.class)
public record RandomCrop(int height, int width, int padding) implements Augmentation {
  static final int MAX_PADDING = 1 << 16;

  public RandomCrop {
    ImageSize unused = new ImageSize(height, width);
    if (padding < 0 || padding > MAX_PADDING) {
      throw new InvalidRequestException(
          "the padding of a crop is 0 to " + MAX_PADDING + " pixels, not " + padding);
    }
  }

  @Override
  public String name() {
    return "random_crop";
  }

  @Override
  public PixelImage apply(PixelImage image, AugmentRandom random) {
    ImageSize size = outputSize(new ImageSize(image.height(), image.width()));
    int top = random.nextInt(image.height() + 2 * padding - size.height() + 1) - padding;
    int left = random.nextInt(image.width() + 2 * padding - size.width() + 1) - padding;
    return Window.cut(image, top, left, size.height(), size.width());
  }

  @Override
  public ImageSize outputSize(ImageSize input) {
    if (input.height() + 2 * padding < height || input.width() + 2 * padding < width) {
      throw new InvalidRequestException(
          "random_crop of %d x %d with padding %d is larger than an image of %s pixels: put a resize before it"
              .formatted(height, width, padding, input));
    }
    return new ImageSize(height, width);
  }

  @Override
  public Optional<ImageSize> fixedSize() {
    return Optional.of(new ImageSize(height, width));
  }
}
