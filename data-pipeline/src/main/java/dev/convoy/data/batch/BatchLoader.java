package dev.convoy.data.batch;

import dev.convoy.data.BadDataException;
import dev.convoy.data.InvalidRequestException;
import dev.convoy.data.augment.AugmentationPipeline;
import dev.convoy.data.dataset.Example;
import dev.convoy.data.image.ImageDecoder;
import dev.convoy.data.image.PixelImage;
import dev.convoy.data.image.UnreadableImageException;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns examples into batches: decode, augment, normalise.
 *
 * <p>What an example becomes depends on its bytes, its id, the seed and the epoch only, never on
 * the batch it stands in. Safe for use by several threads.
 */
public final class BatchLoader {

  private final int channels;
  private final int height;
  private final int width;
  private final AugmentationPipeline pipeline;
  private final long seed;

  /**
   * A loader for one network's input.
   *
   * @param channels 1 or 3; images are converted
   * @param height of the network's input, pixels
   * @param width of the network's input, pixels
   * @param pipeline augmentation and normalisation
   * @param seed of the experiment
   */
  public BatchLoader(
      int channels, int height, int width, AugmentationPipeline pipeline, long seed) {
    this.channels = channels;
    this.height = height;
    this.width = width;
    this.pipeline = pipeline;
    this.seed = seed;
  }

  /**
   * Loads one batch.
   *
   * @throws BadDataException if an image cannot be decoded, naming it
   * @throws InvalidRequestException if an image is too small for a step or has not the network's
   *     input size afterwards, naming it
   */
  public ImageBatch load(List<Example> examples, int epoch) {
    int size = channels * height * width;
    float[] features = new float[examples.size() * size];
    int[] labels = new int[examples.size()];
    List<String> ids = new ArrayList<>(examples.size());
    for (int i = 0; i < labels.length; i++) {
      Example example = examples.get(i);
      pipeline.write(augmented(example, epoch), features, i * size);
      labels[i] = example.label();
      ids.add(example.id());
    }
    return new ImageBatch(features, labels, ids);
  }

  private PixelImage augmented(Example example, int epoch) {
    PixelImage decoded = decode(example);
    try {
      PixelImage image = pipeline.pixels(decoded, seed, epoch, example.id());
      pipeline.requireOutput(image, channels, height, width);
      return image;
    } catch (InvalidRequestException e) {
      throw new InvalidRequestException(
          "image '%s' of %d x %d pixels: %s"
              .formatted(example.id(), decoded.height(), decoded.width(), e.getMessage()),
          e);
    }
  }

  private PixelImage decode(Example example) {
    try {
      return ImageDecoder.decode(example.bytes(), channels);
    } catch (UnreadableImageException e) {
      throw new BadDataException(
          "image '%s' of the dataset cannot be decoded: %s".formatted(example.id(), e.getMessage()),
          e);
    }
  }
}
