package dev.convoy.data.augment;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import dev.convoy.data.image.PixelImage;
import java.util.Optional;

/**
 * Scales to exactly height x width, whatever the shape before, with {@link BilinearResampling}.
 *
 * @param height at least 1
 * @param width at least 1
 */
@DefaultSerializer(JavaSerializer.class)
public record Resize(int height, int width) implements Augmentation {
  public Resize {
    ImageSize unused = new ImageSize(height, width);
  }

  @Override
  public String name() {
    return "resize";
  }

  @Override
  public PixelImage apply(PixelImage image, AugmentRandom random) {
    return BilinearResampling.resize(image, height, width);
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
