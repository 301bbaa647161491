package dev.convoy.data.augment;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import dev.convoy.data.InvalidRequestException;
import dev.convoy.data.image.PixelImage;
import java.util.Optional;

/**
 * Cuts height x width out of the middle. Where the middle lies between two pixels, the even one of
 * the two offsets is taken, as in torchvision's {@code center_crop}.
 *
 * @param height at least 1
 * @param width at least 1
 */
@DefaultSerializer(JavaSerializer.class)
public record CenterCrop(int height, int width) implements Augmentation {
  public CenterCrop {
    ImageSize unused = new ImageSize(height, width);
  }

  @Override
  public String name() {
    return "center_crop";
  }

  @Override
  public PixelImage apply(PixelImage image, AugmentRandom random) {
    ImageSize size = outputSize(new ImageSize(image.height(), image.width()));
    int top = (int) Math.rint((image.height() - size.height()) / 2.0);
    int left = (int) Math.rint((image.width() - size.width()) / 2.0);
    return Window.cut(image, top, left, size.height(), size.width());
  }

  @Override
  public ImageSize outputSize(ImageSize input) {
    if (input.height() < height || input.width() < width) {
      throw new InvalidRequestException(
          "center_crop of %d x %d is larger than an image of %s pixels: put a resize before it"
              .formatted(height, width, input));
    }
    return new ImageSize(height, width);
  }

  @Override
  public Optional<ImageSize> fixedSize() {
    return Optional.of(new ImageSize(height, width));
  }
}
