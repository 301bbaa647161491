package dev.convoy.trainer;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import javax.imageio.ImageIO;

/** Grey noise, dark in one class and light in the next: small, and easily told apart. */
public final class TinyImages {

  private TinyImages() {}

  /** Writes {@code perClass} PNG files of 28 x 28 pixels for each class below a folder. */
  public static Path write(Path root, int perClass, String... classes) throws IOException {
    return write(root, perClass, 28, classes);
  }

  /** The same with another side length. */
  public static Path write(Path root, int perClass, int side, String... classes)
      throws IOException {
    for (int label = 0; label < classes.length; label++) {
      Path folder = Files.createDirectories(root.resolve(classes[label]));
      for (int i = 0; i < perClass; i++) {
        Random random = new Random(1000L * label + i);
        BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_BYTE_GRAY);
        int base = 200 * label / classes.length;
        for (int y = 0; y < side; y++) {
          for (int x = 0; x < side; x++) {
            image.getRaster().setSample(x, y, 0, base + random.nextInt(100));
          }
        }
        ImageIO.write(image, "png", folder.resolve("%03d.png".formatted(i)).toFile());
      }
    }
    return root;
  }
}
