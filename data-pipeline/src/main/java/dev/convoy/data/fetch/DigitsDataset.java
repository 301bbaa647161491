package dev.convoy.data.fetch;

import dev.convoy.data.BadDataException;
import dev.convoy.data.image.PixelImage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * 5,000 handwritten digits of 20 x 20 grey pixels (a part of MNIST, from A. Ng's machine-learning
 * course), as two CSV files: one row of 400 values an image, column-major, of about -0.13 (black)
 * to 1.13 (white); one row an image with its label, where 10 means the digit 0.
 */
record DigitsDataset(PackageSource source, int imagesPerClass) implements PublicDataset {
  private static final String FOLDER = "org/openimaj/ml/handwriting/";
  private static final String INPUTS = FOLDER + "inputs.csv";
  private static final String OUTPUTS = FOLDER + "outputs.csv";
  private static final int SIDE = 20;

  @Override
  public String name() {
    return "digits";
  }

  @Override
  public String description() {
    return "handwritten digits, 5,000 grey 20x20 images in 10 classes, no split (New BSD)";
  }

  @Override
  public SortedMap<String, Integer> images() {
    SortedMap<String, Integer> images = new TreeMap<>();
    for (int digit = 0; digit < 10; digit++) {
      images.put(Integer.toString(digit), imagesPerClass);
    }
    return images;
  }

  @Override
  public void unpack(PackageArchive archive, ImageTree tree) throws IOException {
    List<Integer> digits = new ArrayList<>();
    archive.read(
        Set.of(OUTPUTS),
        (entry, content) -> lines(content).forEach(line -> digits.add(digit(line))));
    archive.read(
        Set.of(INPUTS),
        (entry, content) -> {
          List<String> rows = lines(content);
          if (rows.size() != digits.size()) {
            throw new BadDataException(
                "%d images but %d labels in the package".formatted(rows.size(), digits.size()));
          }
          for (int i = 0; i < rows.size(); i++) {
            tree.add(Integer.toString(digits.get(i)), i, image(rows.get(i), i));
          }
        });
  }

  private static int digit(String line) {
    double label = number(line);
    if (label != Math.rint(label) || label < 1 || label > 10) {
      throw new BadDataException("a label of the digits is 1 to 10 (10 for zero), not " + line);
    }
    return (int) label % 10;
  }

  private static PixelImage image(String row, int index) {
    String[] values = row.split(",", -1);
    if (values.length != SIDE * SIDE) {
      throw new BadDataException(
          "image %d of the digits has %d values, not 400".formatted(index, values.length));
    }
    byte[] pixels = new byte[SIDE * SIDE];
    for (int x = 0; x < SIDE; x++) {
      for (int y = 0; y < SIDE; y++) {
        double value = Math.max(0, Math.min(1, number(values[x * SIDE + y])));
        pixels[y * SIDE + x] = (byte) Math.round(255 * value);
      }
    }
    return new PixelImage(SIDE, SIDE, 1, pixels);
  }

  private static double number(String text) {
    try {
      return Double.parseDouble(text.strip());
    } catch (NumberFormatException e) {
      throw new BadDataException("not a number among the digits: \"" + text + "\"", e);
    }
  }

  private static List<String> lines(InputStream content) {
    return new BufferedReader(new InputStreamReader(content, StandardCharsets.US_ASCII))
        .lines()
        .filter(line -> !line.isBlank())
        .toList();
  }
}
