package dev.convoy.data.augment;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import dev.convoy.data.InvalidRequestException;
import dev.convoy.data.image.PixelImage;

/**
 * Changes brightness, contrast and saturation in a random order, each by a factor uniform in {@code
 * max(0, 1 - strength)} to {@code 1 + strength}: the colour augmentation of the ImageNet code that
 * ResNeXt (arXiv:1611.05431) and DenseNet (arXiv:1608.06993) were trained with, and torchvision's
 * {@code ColorJitter}. Each change is a {@code blend} of the image with black, with its mean grey,
 * and with its grey version, bit for bit that of Pillow's {@code ImageEnhance}. The saturation of a
 * grey image does not change. The order is drawn first, then the factors in the order of their use;
 * a strength of 0 draws no factor.
 *
 * @param brightness strength, at least 0
 * @param contrast strength, at least 0
 * @param saturation strength, at least 0
 */
@DefaultSerializer(JavaSerializer.class)
public record ColorJitter(double brightness, double contrast, double saturation)
    implements Augmentation {
  private static final int[][] ORDERS = {
    {0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}
  };

  public ColorJitter {
    for (double strength : new double[] {brightness, contrast, saturation}) {
      if (!(strength >= 0 && Double.isFinite(strength))) {
        throw new InvalidRequestException(
            "a strength of color_jitter is a number of 0 or more, not " + strength);
      }
    }
  }

  @Override
  public String name() {
    return "color_jitter";
  }

  @Override
  public PixelImage apply(PixelImage image, AugmentRandom random) {
    PixelImage result = image;
    for (int change : ORDERS[random.nextInt(ORDERS.length)]) {
      double strength = change == 0 ? brightness : change == 1 ? contrast : saturation;
      if (strength > 0) {
        double factor = new Range(Math.max(0, 1 - strength), 1 + strength).at(random.nextDouble());
        result =
            switch (change) {
              case 0 -> brightened(result, (float) factor);
              case 1 -> contrasted(result, (float) factor);
              default -> saturated(result, (float) factor);
            };
      }
    }
    return result;
  }

  @Override
  public ImageSize outputSize(ImageSize input) {
    return input;
  }

  static PixelImage brightened(PixelImage image, float factor) {
    return towards(image, 0, factor);
  }

  static PixelImage contrasted(PixelImage image, float factor) {
    byte[] grey = image.grey().data();
    long sum = 0;
    for (byte value : grey) {
      sum += value & 0xff;
    }
    return towards(image, (int) ((double) sum / grey.length + 0.5), factor);
  }

  static PixelImage saturated(PixelImage image, float factor) {
    if (image.channels() == 1) {
      return image;
    }
    byte[] grey = image.grey().data();
    byte[] in = image.data();
    byte[] out = new byte[in.length];
    for (int i = 0; i < in.length; i++) {
      out[i] = blend(grey[i / image.channels()] & 0xff, in[i] & 0xff, factor);
    }
    return new PixelImage(image.height(), image.width(), image.channels(), out);
  }

  /** Blends every value with the same one. */
  private static PixelImage towards(PixelImage image, int level, float factor) {
    byte[] table = new byte[256];
    for (int value = 0; value < table.length; value++) {
      table[value] = blend(level, value, factor);
    }
    return Levels.replace(image, table);
  }

  /** {@code from + factor * (to - from)}, cut off at 0 and 255, the fraction dropped. */
  private static byte blend(int from, int to, float factor) {
    float value = from + factor * (to - from);
    return (byte) (value <= 0 ? 0 : value >= 255 ? 255 : (int) value);
  }
}
