package dev.convoy.data.augment;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import dev.convoy.data.InvalidRequestException;
import dev.convoy.data.image.PixelImage;

/**
 * Adds one colour to every pixel of an image, along the principal components of ImageNet's colours:
 * the augmentation of AlexNet (Krizhevsky, Sutskever, Hinton 2012, section 4.1). Of the three
 * components, first to last, each is multiplied by its eigenvalue and by a normal number of the
 * given deviation. Eigenvalues and vectors are those of the ImageNet training code that ResNeXt and
 * DenseNet used (fb.resnet.torch, {@code datasets/imagenet.lua}), for values from 0 to 1. The sum
 * is rounded to 8 bits and cut off at 0 and 255, which that code did not do.
 *
 * @param deviation at least 0; 0.1 in the paper
 */
@DefaultSerializer(JavaSerializer.class)
public record Lighting(double deviation) implements Augmentation {
  private static final double[] EIGENVALUES = {0.2175, 0.0188, 0.0045};

  /** Red, green and blue of each component. */
  private static final double[][] COMPONENTS = {
    {-0.5675, -0.5808, -0.5836}, {0.7192, -0.0045, -0.6948}, {0.4009, -0.8140, 0.4203}
  };

  public Lighting {
    if (!(deviation >= 0 && Double.isFinite(deviation))) {
      throw new InvalidRequestException(
          "the deviation of lighting is a number of 0 or more, not " + deviation);
    }
  }

  @Override
  public String name() {
    return "lighting";
  }

  @Override
  public void requireChannels(int channels) {
    if (channels != 3) {
      throw new InvalidRequestException(
          "lighting shifts red, green and blue, but the images are grey: leave it out of the"
              + " augmentation, or set model.input.channels to 3");
    }
  }

  /**
   * @throws InvalidRequestException if the image is grey
   */
  @Override
  public PixelImage apply(PixelImage image, AugmentRandom random) {
    requireChannels(image.channels());
    double[] shift = new double[3];
    for (int component = 0; component < COMPONENTS.length; component++) {
      double length = EIGENVALUES[component] * deviation * random.nextGaussian();
      for (int channel = 0; channel < shift.length; channel++) {
        shift[channel] += COMPONENTS[component][channel] * length;
      }
    }
    return Levels.replace(
        image, shifted(shift[0] * 255), shifted(shift[1] * 255), shifted(shift[2] * 255));
  }

  private static byte[] shifted(double levels) {
    byte[] table = new byte[256];
    for (int level = 0; level < table.length; level++) {
      table[level] = (byte) Math.max(0, Math.min(255, Math.round(level + levels)));
    }
    return table;
  }

  @Override
  public ImageSize outputSize(ImageSize input) {
    return input;
  }
}
