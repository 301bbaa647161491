package dev.convoy.data.augment;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import dev.convoy.data.InvalidRequestException;
import dev.convoy.data.image.PixelImage;

/**
 * Moves the image by whole pixels, dx to the right and dy down, each uniform in [-pixels, pixels];
 * dx is drawn first. What comes in from outside is 0 (black).
 *
 * @param pixels at least 0
 */
@DefaultSerializer(JavaSerializer.class)
public record Shift(int pixels) implements Augmentation {
  static final int MAX_PIXELS = 1 << 16;

  public Shift {
    if (pixels < 0 || pixels > MAX_PIXELS) {
      throw new InvalidRequestException("a shift is 0 to " + MAX_PIXELS + " pixels, not " + pixels);
    }
  }

  @Override
  public String name() {
    return "shift";
  }

  @Override
  public PixelImage apply(PixelImage image, AugmentRandom random) {
    int dx = random.nextInt(2 * pixels + 1) - pixels;
    int dy = random.nextInt(2 * pixels + 1) - pixels;
    return Window.cut(image, -dy, -dx, image.height(), image.width());
  }

  @Override
  public ImageSize outputSize(ImageSize input) {
    return input;
  }
}
