package dev.convoy.data.fetch;

import dev.convoy.data.BadDataException;
import dev.convoy.data.image.PixelImage;
import dev.convoy.data.image.PngEncoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/** A tree of PNG files, {@code FOLDER/NNNNN.png}, being written; it counts what it was given. */
public final class ImageTree {
  private final Path root;
  private final SortedMap<String, Integer> written = new TreeMap<>();

  ImageTree(Path root) {
    this.root = root;
  }

  /**
   * Writes one image.
   *
   * @param folder relative to the root, parts separated by {@code /}
   * @param number of the image in its source, from 0; the file is named after it
   */
  public void add(String folder, int number, PixelImage image) throws IOException {
    Path path = root.resolve(folder);
    if (written.merge(folder, 1, Integer::sum) == 1) {
      Files.createDirectories(path);
    }
    Files.write(
        path.resolve(String.format(Locale.ROOT, "%05d.png", number)), PngEncoder.encode(image));
  }

  /** Images written so far, by folder. */
  public SortedMap<String, Integer> written() {
    return new TreeMap<>(written);
  }

  void requireCounts(SortedMap<String, Integer> expected) {
    if (!written.equals(expected)) {
      throw new BadDataException(
          "the package should give these images per folder: %s, but it gave %s"
              .formatted(expected, written));
    }
  }
}
