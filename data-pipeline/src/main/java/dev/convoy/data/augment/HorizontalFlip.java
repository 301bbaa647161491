package dev.convoy.data.augment;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import dev.convoy.data.InvalidRequestException;
import dev.convoy.data.image.PixelImage;

/**
 * Mirrors left and right if the first number drawn is below the probability.
 *
 * @param probability 0 to 1
 */
@DefaultSerializer(JavaSerializer.class)
public record HorizontalFlip(double probability) implements Augmentation {
  public HorizontalFlip {
    if (!(probability >= 0 && probability <= 1)) {
      throw new InvalidRequestException("the probability of a flip is 0 to 1, not " + probability);
    }
  }

  @Override
  public String name() {
    return "flip";
  }

  @Override
  public PixelImage apply(PixelImage image, AugmentRandom random) {
    return random.nextDouble() < probability ? mirrored(image) : image;
  }

  @Override
  public ImageSize outputSize(ImageSize input) {
    return input;
  }

  private static PixelImage mirrored(PixelImage image) {
    int channels = image.channels();
    int stride = image.width() * channels;
    byte[] in = image.data();
    byte[] out = new byte[in.length];
    for (int row = 0; row < in.length; row += stride) {
      for (int x = 0; x < stride; x += channels) {
        for (int c = 0; c < channels; c++) {
          out[row + stride - channels - x + c] = in[row + x + c];
        }
      }
    }
    return new PixelImage(image.height(), image.width(), channels, out);
  }
}
