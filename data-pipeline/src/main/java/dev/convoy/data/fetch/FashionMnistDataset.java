package dev.convoy.data.fetch;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.convoy.data.BadDataException;
import dev.convoy.data.image.PixelImage;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Fashion-MNIST (arXiv:1708.07747), 28 x 28 grey. The package holds one JSON file a class, {@code
 * {"data": [[784 values], ...]}}: first the test images, then the training images, here and there
 * an empty list, which is passed over. Numbers count within class and split.
 *
 * @param testImages images a class for testing
 * @param trainImages images a class for training
 */
record FashionMnistDataset(PackageSource source, int testImages, int trainImages)
    implements PublicDataset {
  /** The paper's names; what a file system would take for a path is written without a slash. */
  private static final List<String> CLASSES =
      List.of(
          "t-shirt",
          "trouser",
          "pullover",
          "dress",
          "coat",
          "sandal",
          "shirt",
          "sneaker",
          "bag",
          "ankle-boot");

  private static final String FOLDER = "package/src/clothes/";
  private static final String SUFFIX = ".json";
  private static final int SIDE = 28;
  private static final int PIXELS = SIDE * SIDE;

  @Override
  public String name() {
    return "fashion-mnist";
  }

  @Override
  public String description() {
    return "articles of clothing, 60,000 + 10,000 grey 28x28 images in 10 classes, train and test"
        + " (MIT)";
  }

  @Override
  public SortedMap<String, Integer> images() {
    SortedMap<String, Integer> images = new TreeMap<>();
    for (String name : CLASSES) {
      images.put("train/" + name, trainImages);
      images.put("test/" + name, testImages);
    }
    return images;
  }

  @Override
  public void unpack(PackageArchive archive, ImageTree tree) throws IOException {
    Set<String> entries = new HashSet<>();
    for (int label = 0; label < CLASSES.size(); label++) {
      entries.add(FOLDER + label + SUFFIX);
    }
    archive.read(
        entries,
        (entry, content) -> {
          String label = entry.substring(FOLDER.length(), entry.length() - SUFFIX.length());
          images(content, CLASSES.get(Integer.parseInt(label)), tree);
        });
  }

  private void images(InputStream content, String className, ImageTree tree) throws IOException {
    JsonFactory json = new JsonFactory().disable(JsonParser.Feature.AUTO_CLOSE_SOURCE);
    int number = 0;
    try (JsonParser parser = json.createParser(content)) {
      expect(parser.nextToken(), JsonToken.START_OBJECT, className);
      expect(parser.nextToken(), JsonToken.FIELD_NAME, className);
      expect(parser.nextToken(), JsonToken.START_ARRAY, className);
      while (parser.nextToken() == JsonToken.START_ARRAY) {
        byte[] pixels = new byte[PIXELS];
        int length = 0;
        while (parser.nextToken() == JsonToken.VALUE_NUMBER_INT) {
          if (length < PIXELS) {
            pixels[length] = grey(parser.getIntValue(), className);
          }
          length++;
        }
        if (length == PIXELS) {
          boolean test = number < testImages;
          tree.add(
              (test ? "test/" : "train/") + className,
              test ? number : number - testImages,
              new PixelImage(SIDE, SIDE, 1, pixels));
          number++;
        }
      }
    }
  }

  private static byte grey(int value, String className) {
    if (value < 0 || value > 255) {
      throw new BadDataException(
          "a pixel of %s in Fashion-MNIST is 0 to 255, not %d".formatted(className, value));
    }
    return (byte) value;
  }

  private static void expect(JsonToken found, JsonToken wanted, String className) {
    if (found != wanted) {
      throw new BadDataException(
          "the file of %s in Fashion-MNIST has %s where %s belongs"
              .formatted(className, found, wanted));
    }
  }
}
