package dev.convoy.data.augment;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import dev.convoy.data.InvalidRequestException;
import dev.convoy.data.image.PixelImage;
import java.util.Optional;

/**
 * Cuts out a part of the image whose area and aspect ratio are drawn, at a uniform place, and
 * scales it to height x width with {@link BilinearResampling}: the augmentation of GoogLeNet
 * (arXiv:1409.4842, section 6), as torchvision's {@code RandomResizedCrop} does it. The part of the
 * area is uniform, the logarithm of width / height is uniform; both are drawn until the part fits
 * the image, ten times at most, and then the largest part in the middle with an allowed ratio is
 * taken. Drawn in this order: area, ratio, row, column.
 *
 * @param height of the result, at least 1
 * @param width of the result, at least 1
 * @param area least and most part of the image's area, above 0 and at most 1
 * @param ratio least and most width / height, above 0
 */
@DefaultSerializer(JavaSerializer.class)
public record RandomResizedCrop(int height, int width, Range area, Range ratio)
    implements Augmentation {
  /** 8% to 100% of the area (GoogLeNet). */
  public static final Range USUAL_AREA = new Range(0.08, 1);

  /** 3:4 to 4:3 (GoogLeNet). */
  public static final Range USUAL_RATIO = new Range(3.0 / 4, 4.0 / 3);

  private static final int ATTEMPTS = 10;

  public RandomResizedCrop {
    ImageSize unused = new ImageSize(height, width);
    if (!(area.least() > 0 && area.most() <= 1)) {
      throw new InvalidRequestException(
          "the area of a random_resized_crop is a part of the image, above 0 and at most 1, not "
              + area);
    }
    if (!(ratio.least() > 0)) {
      throw new InvalidRequestException(
          "the ratio of a random_resized_crop, width / height, is above 0, not " + ratio);
    }
  }

  @Override
  public String name() {
    return "random_resized_crop";
  }

  @Override
  public PixelImage apply(PixelImage image, AugmentRandom random) {
    return BilinearResampling.resize(part(image, random), height, width);
  }

  private PixelImage part(PixelImage image, AugmentRandom random) {
    double pixels = (double) image.height() * image.width();
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      double target = pixels * area.at(random.nextDouble());
      // StrictMath: the same bits on every processor.
      double drawn =
          StrictMath.exp(
              new Range(StrictMath.log(ratio.least()), StrictMath.log(ratio.most()))
                  .at(random.nextDouble()));
      long columns = Math.round(Math.sqrt(target * drawn));
      long rows = Math.round(Math.sqrt(target / drawn));
      if (columns > 0 && columns <= image.width() && rows > 0 && rows <= image.height()) {
        int top = random.nextInt((int) (image.height() - rows + 1));
        int left = random.nextInt((int) (image.width() - columns + 1));
        return Window.cut(image, top, left, (int) rows, (int) columns);
      }
    }
    return middle(image);
  }

  private PixelImage middle(PixelImage image) {
    double whole = (double) image.width() / image.height();
    int rows = image.height();
    int columns = image.width();
    if (whole < ratio.least()) {
      rows = (int) Math.max(1, Math.round(columns / ratio.least()));
    } else if (whole > ratio.most()) {
      columns = (int) Math.max(1, Math.round(rows * ratio.most()));
    }
    return Window.cut(
        image, (image.height() - rows) / 2, (image.width() - columns) / 2, rows, columns);
  }

  @Override
  public ImageSize outputSize(ImageSize input) {
    return new ImageSize(height, width);
  }

  @Override
  public Optional<ImageSize> fixedSize() {
    return Optional.of(new ImageSize(height, width));
  }
}
