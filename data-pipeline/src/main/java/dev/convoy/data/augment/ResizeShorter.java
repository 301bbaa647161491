package dev.convoy.data.augment;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import dev.convoy.data.InvalidRequestException;
import dev.convoy.data.image.PixelImage;

/**
 * Scales so that the shorter side has {@code shorter} pixels and the longer one {@code
 * floor(shorter * long / short)}, as torchvision's {@code resize} with one number, with {@link
 * BilinearResampling}.
 *
 * @param shorter at least 1
 */
@DefaultSerializer(JavaSerializer.class)
public record ResizeShorter(int shorter) implements Augmentation {
  public ResizeShorter {
    if (shorter < 1) {
      throw new InvalidRequestException(
          "the shorter side of a resize is at least 1 pixel, not " + shorter);
    }
  }

  @Override
  public String name() {
    return "resize";
  }

  @Override
  public PixelImage apply(PixelImage image, AugmentRandom random) {
    ImageSize size = outputSize(new ImageSize(image.height(), image.width()));
    return BilinearResampling.resize(image, size.height(), size.width());
  }

  @Override
  public ImageSize outputSize(ImageSize input) {
    int height = input.height();
    int width = input.width();
    return height <= width
        ? new ImageSize(shorter, Math.toIntExact((long) shorter * width / height))
        : new ImageSize(Math.toIntExact((long) shorter * height / width), shorter);
  }
}
