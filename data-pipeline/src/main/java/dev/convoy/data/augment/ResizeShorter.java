package dev.convoy.data.augment;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import dev.convoy.data.InvalidRequestException;
import dev.convoy.data.image.PixelImage;

/**
 * Scales so that the shorter side has a length drawn uniformly from {@code least} to {@code most}
 * pixels, and the longer one {@code floor(shorter * long / short)}, as torchvision's {@code resize}
 * with one number, with {@link BilinearResampling}. A range is the scale augmentation of VGG
 * (arXiv:1409.1556, section 3.1, multi-scale training) and ResNet (arXiv:1512.03385, section 3.4).
 *
 * @param least at least 1
 * @param most at least {@code least}
 */
@DefaultSerializer(JavaSerializer.class)
public record ResizeShorter(int least, int most) implements Augmentation {
  public ResizeShorter {
    if (least < 1) {
      throw new InvalidRequestException(
          "the shorter side of a resize is at least 1 pixel, not " + least);
    }
    if (most < least) {
      throw new InvalidRequestException(
          "the shorter side of a resize is drawn from the smaller to the larger length, not from %d to %d"
              .formatted(least, most));
    }
  }

  /** To one length always. */
  public ResizeShorter(int shorter) {
    this(shorter, shorter);
  }

  @Override
  public String name() {
    return "resize";
  }

  @Override
  public PixelImage apply(PixelImage image, AugmentRandom random) {
    int shorter = least + random.nextInt(most - least + 1);
    ImageSize size = scaled(new ImageSize(image.height(), image.width()), shorter);
    return BilinearResampling.resize(image, size.height(), size.width());
  }

  @Override
  public ImageSize outputSize(ImageSize input) {
    return scaled(input, least);
  }

  @Override
  public ImageSize largestOutputSize(ImageSize input) {
    return scaled(input, most);
  }

  private static ImageSize scaled(ImageSize input, int shorter) {
    int height = input.height();
    int width = input.width();
    return height <= width
        ? new ImageSize(shorter, Math.toIntExact((long) shorter * width / height))
        : new ImageSize(Math.toIntExact((long) shorter * height / width), shorter);
  }
}
