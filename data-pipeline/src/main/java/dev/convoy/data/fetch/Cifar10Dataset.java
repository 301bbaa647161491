package dev.convoy.data.fetch;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.convoy.data.BadDataException;
import dev.convoy.data.image.ImageDecoder;
import dev.convoy.data.image.PixelImage;
import dev.convoy.data.image.UnreadableImageException;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * CIFAR-10 (A. Krizhevsky, 2009), 32 x 32 colour. The package holds PNGs of 1024 columns, each row
 * of which is one image, row after row, and the labels as JSON lists. Numbers count within the
 * split.
 *
 * @param batchImages rows of each PNG
 */
record Cifar10Dataset(PackageSource source, int batchImages) implements PublicDataset {
  private static final List<String> CLASSES =
      List.of(
          "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck");
  private static final List<String> TRAIN =
      List.of(
          "package/data_batch_1.png",
          "package/data_batch_2.png",
          "package/data_batch_3.png",
          "package/data_batch_4.png",
          "package/data_batch_5.png");
  private static final List<String> TEST = List.of("package/test_batch.png");
  // The package's own spelling.
  private static final String TRAIN_LABELS = "package/train_lables.json";
  private static final String TEST_LABELS = "package/test_lables.json";
  private static final int SIDE = 32;
  private static final int BYTES = SIDE * SIDE * 3;

  @Override
  public String name() {
    return "cifar10";
  }

  @Override
  public String description() {
    return "small photographs, 50,000 + 10,000 colour 32x32 images in 10 classes, train and test";
  }

  @Override
  public SortedMap<String, Integer> images() {
    SortedMap<String, Integer> images = new TreeMap<>();
    for (String name : CLASSES) {
      images.put("train/" + name, batchImages * TRAIN.size() / CLASSES.size());
      images.put("test/" + name, batchImages * TEST.size() / CLASSES.size());
    }
    return images;
  }

  @Override
  public void unpack(PackageArchive archive, ImageTree tree) throws IOException {
    // The labels lie behind the images in the package: a pass for each.
    Map<String, int[]> labels = new HashMap<>();
    archive.read(
        Set.of(TRAIN_LABELS, TEST_LABELS),
        (entry, content) ->
            labels.put(entry, new ObjectMapper().readValue(content.readAllBytes(), int[].class)));
    Map<String, int[]> ofBatch = new TreeMap<>();
    split(TRAIN, labels.get(TRAIN_LABELS), ofBatch);
    split(TEST, labels.get(TEST_LABELS), ofBatch);
    archive.read(
        ofBatch.keySet(),
        (entry, content) -> {
          String split = TEST.contains(entry) ? "test" : "train";
          int first = TEST.contains(entry) ? 0 : TRAIN.indexOf(entry) * batchImages;
          batch(entry, content.readAllBytes(), split, first, ofBatch.get(entry), tree);
        });
  }

  private void split(List<String> batches, int[] labels, Map<String, int[]> ofBatch) {
    if (labels.length != batches.size() * batchImages) {
      throw new BadDataException(
          "%d labels for %d images of CIFAR-10"
              .formatted(labels.length, batches.size() * batchImages));
    }
    for (int b = 0; b < batches.size(); b++) {
      int[] part = new int[batchImages];
      System.arraycopy(labels, b * batchImages, part, 0, batchImages);
      ofBatch.put(batches.get(b), part);
    }
  }

  private void batch(
      String entry, byte[] png, String split, int first, int[] labels, ImageTree tree)
      throws IOException {
    PixelImage sheet;
    try {
      sheet = ImageDecoder.decode(png, 3);
    } catch (UnreadableImageException e) {
      throw new BadDataException(entry + " of CIFAR-10 cannot be read: " + e.getMessage(), e);
    }
    if (sheet.width() != SIDE * SIDE || sheet.height() != batchImages) {
      throw new BadDataException(
          "%s of CIFAR-10 has %d x %d pixels, not %d x %d"
              .formatted(entry, sheet.width(), sheet.height(), SIDE * SIDE, batchImages));
    }
    for (int i = 0; i < batchImages; i++) {
      if (labels[i] < 0 || labels[i] >= CLASSES.size()) {
        throw new BadDataException("a label of CIFAR-10 is 0 to 9, not " + labels[i]);
      }
      byte[] pixels = new byte[BYTES];
      System.arraycopy(sheet.data(), i * BYTES, pixels, 0, BYTES);
      tree.add(
          split + "/" + CLASSES.get(labels[i]), first + i, new PixelImage(SIDE, SIDE, 3, pixels));
    }
  }
}
