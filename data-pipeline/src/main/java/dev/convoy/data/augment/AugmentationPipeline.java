package dev.convoy.data.augment;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import dev.convoy.data.InvalidRequestException;
import dev.convoy.data.image.PixelImage;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A chain of augmentations and the normalisation behind it: from a decoded image to what a network
 * is fed. Immutable, for any number of threads; goes through Java's and Kryo's serialisation.
 */
@DefaultSerializer(JavaSerializer.class)
public final class AugmentationPipeline implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int CHANNELS = 3;

  private final List<Augmentation> augmentations;
  private final Normalization normalization;
  private final float[][] tables = new float[CHANNELS][];

  public AugmentationPipeline(List<Augmentation> augmentations, Normalization normalization) {
    this.augmentations = List.copyOf(augmentations);
    this.normalization = normalization;
    for (int channel = 0; channel < CHANNELS; channel++) {
      tables[channel] = normalization.table(channel);
    }
  }

  /**
   * A chain as a configuration holds it: a list of maps of one name each, whose value is the map of
   * its settings.
   *
   * <pre>
   * - resize: {height: 32, width: 32}
   * - resize: {shorter: 256}                             # or a range, shorter: [256, 480]
   * - center_crop: {height: 224, width: 224}
   * - random_crop: {height: 32, width: 32, padding: 4}     # padding 0 unless given
   * - random_resized_crop: {height: 224, width: 224, area: [0.08, 1], ratio: [0.75, 1.3334]}    # area and ratio: about these
   * - shift: {pixels: 4}
   * - flip: {probability: 0.5}                           # 0.5 unless given
   * - color_jitter: {brightness: 0.4, contrast: 0.4, saturation: 0.4}    # 0 unless given
   * - lighting: {deviation: 0.1}
   * </pre>
   *
   * @throws InvalidRequestException with everything that is wrong, one line each
   */
  public static AugmentationPipeline parse(List<?> steps, Normalization normalization) {
    AugmentationParser parser = new AugmentationParser("augment");
    List<Augmentation> augmentations = parser.parse(steps);
    if (!parser.problems().isEmpty()) {
      throw new InvalidRequestException(String.join("\n", parser.problems()));
    }
    return new AugmentationPipeline(augmentations, normalization);
  }

  /**
   * Everything that {@link #parse} would complain about, to be reported together with what else is
   * wrong.
   *
   * @param key where the list stands in the configuration, such as {@code augment.train}
   */
  public static List<String> problems(String key, List<?> steps) {
    AugmentationParser parser = new AugmentationParser(key);
    parser.parse(steps);
    return parser.problems();
  }

  public List<Augmentation> augmentations() {
    return augmentations;
  }

  public Normalization normalization() {
    return normalization;
  }

  /**
   * The augmented pixels of an example, a pure function of the arguments.
   *
   * @param id of the example
   */
  public PixelImage pixels(PixelImage image, long seed, int epoch, String id) {
    if (augmentations.isEmpty()) {
      return image;
    }
    long key = AugmentRandom.exampleKey(seed, epoch, id);
    PixelImage result = image;
    for (int position = 0; position < augmentations.size(); position++) {
      result = augmentations.get(position).apply(result, AugmentRandom.at(key, position));
    }
    return result;
  }

  /**
   * Writes an image normalised, channel by channel (CHW), as float32.
   *
   * @param destination gets {@code channels * height * width} values
   * @param offset where the first one goes
   * @throws InvalidRequestException if the normalisation is for another number of channels
   */
  public void write(PixelImage image, float[] destination, int offset) {
    int channels = image.channels();
    normalization.requireChannels(channels);
    byte[] pixels = image.data();
    int to = offset;
    for (int channel = 0; channel < channels; channel++) {
      float[] table = tables[channel];
      for (int i = channel; i < pixels.length; i += channels) {
        destination[to++] = table[pixels[i] & 0xff];
      }
    }
  }

  /** The size that comes out for every image, if the chain makes them equal. */
  public Optional<ImageSize> outputSize() {
    Optional<ImageSize> size = Optional.empty();
    for (Augmentation augmentation : augmentations) {
      Optional<ImageSize> before = size;
      size = augmentation.fixedSize().or(() -> before.map(augmentation::outputSize));
    }
    return size;
  }

  /**
   * The size that comes out for images of a size, the smallest one where sizes are drawn.
   *
   * @throws InvalidRequestException if such images are too small for one of the steps
   */
  public ImageSize outputSize(ImageSize input) {
    ImageSize size = input;
    for (Augmentation augmentation : augmentations) {
      size = augmentation.outputSize(size);
    }
    return size;
  }

  /** The largest size that comes out for images of a size, where sizes are drawn. */
  public ImageSize largestOutputSize(ImageSize input) {
    ImageSize size = input;
    for (Augmentation augmentation : augmentations) {
      size = augmentation.largestOutputSize(size);
    }
    return size;
  }

  /**
   * Fails unless every step can be applied to images of so many channels.
   *
   * @throws InvalidRequestException naming the first step that cannot, and what to change
   */
  public void requireChannels(int channels) {
    augmentations.forEach(augmentation -> augmentation.requireChannels(channels));
  }

  /**
   * Fails unless an image that came out of {@link #pixels} is what a network takes.
   *
   * @throws InvalidRequestException saying which step is missing
   */
  public void requireOutput(PixelImage produced, int channels, int height, int width) {
    if (produced.channels() != channels) {
      throw new InvalidRequestException(
          "the model takes %d channel(s), but the images were decoded to %d: model.input.channels decides"
              .formatted(channels, produced.channels()));
    }
    if (produced.height() != height || produced.width() != width) {
      throw new InvalidRequestException(
          "an image comes out of the augmentation (%s) as %d x %d pixels, but the model takes %d x %d: %s"
              .formatted(
                  chain(),
                  produced.height(),
                  produced.width(),
                  height,
                  width,
                  remedy(new ImageSize(produced.height(), produced.width()), height, width)));
    }
  }

  private String chain() {
    return augmentations.isEmpty()
        ? "which has no steps"
        : augmentations.stream().map(Augmentation::name).collect(Collectors.joining(", "));
  }

  /**
   * What to change where images come out in a wrong size.
   *
   * @param produced the wrong size
   * @param height of the network's input
   * @param width of the network's input
   */
  public String remedy(ImageSize produced, int height, int width) {
    if (outputSize().isPresent()) {
      return "give the last resize or crop the size of the model's input";
    }
    boolean larger = produced.height() >= height && produced.width() >= width;
    boolean scaled = augmentations.stream().anyMatch(ResizeShorter.class::isInstance);
    return "add the step %s: {height: %d, width: %d}"
        .formatted(larger && scaled ? "center_crop" : "resize", height, width);
  }
}
