package dev.convoy.data.fetch;

import dev.convoy.data.BadDataException;
import dev.convoy.data.image.PixelImage;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * MNIST (Y. LeCun, C. Cortes, C. Burges), 28 x 28 grey, in its IDX files: big-endian, magic 2051,
 * count, rows, columns, pixels; magic 2049, count, labels. Numbers count within the split.
 *
 * @param folders folders and counts, which the package must give exactly
 */
record MnistDataset(PackageSource source, SortedMap<String, Integer> folders)
    implements PublicDataset {
  private static final Map<String, String> SPLITS = Map.of("train", "train", "test", "t10k");
  private static final int IMAGES_MAGIC = 2051;
  private static final int LABELS_MAGIC = 2049;
  private static final int SIDE = 28;
  private static final int[] TRAIN = {5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949};
  private static final int[] TEST = {980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009};

  static MnistDataset official(PackageSource source) {
    SortedMap<String, Integer> folders = new TreeMap<>();
    for (int digit = 0; digit < 10; digit++) {
      folders.put("train/" + digit, TRAIN[digit]);
      folders.put("test/" + digit, TEST[digit]);
    }
    return new MnistDataset(source, folders);
  }

  @Override
  public String name() {
    return "mnist";
  }

  @Override
  public String description() {
    return "handwritten digits, 60,000 + 10,000 grey 28x28 images in 10 classes, train and test";
  }

  @Override
  public SortedMap<String, Integer> images() {
    return folders;
  }

  @Override
  public void unpack(PackageArchive archive, ImageTree tree) throws IOException {
    for (Map.Entry<String, String> split : new TreeMap<>(SPLITS).entrySet()) {
      String prefix = "package/data/" + split.getValue();
      byte[][] labels = new byte[1][];
      archive.read(
          Set.of(prefix + "-labels-idx1-ubyte"),
          (entry, content) -> labels[0] = labels(entry, new DataInputStream(content)));
      archive.read(
          Set.of(prefix + "-images-idx3-ubyte"),
          (entry, content) ->
              images(entry, new DataInputStream(content), labels[0], split.getKey(), tree));
    }
  }

  private static byte[] labels(String entry, DataInputStream in) throws IOException {
    require(entry, "magic number", LABELS_MAGIC, in.readInt());
    byte[] labels = new byte[in.readInt()];
    in.readFully(labels);
    return labels;
  }

  private static void images(
      String entry, DataInputStream in, byte[] labels, String split, ImageTree tree)
      throws IOException {
    require(entry, "magic number", IMAGES_MAGIC, in.readInt());
    require(entry, "number of images", labels.length, in.readInt());
    require(entry, "number of rows", SIDE, in.readInt());
    require(entry, "number of columns", SIDE, in.readInt());
    for (int i = 0; i < labels.length; i++) {
      byte[] pixels = new byte[SIDE * SIDE];
      try {
        in.readFully(pixels);
      } catch (EOFException e) {
        throw new BadDataException(entry + " ends after " + i + " images", e);
      }
      tree.add(split + "/" + labels[i], i, new PixelImage(SIDE, SIDE, 1, pixels));
    }
  }

  private static void require(String entry, String what, int expected, int found) {
    if (expected != found) {
      throw new BadDataException(
          "%s: the %s is %d, not %d".formatted(entry, what, found, expected));
    }
  }
}
