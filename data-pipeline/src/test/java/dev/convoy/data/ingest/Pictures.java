package dev.convoy.data.ingest;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import javax.imageio.ImageIO;

/** Small random images. */
final class Pictures {
  private Pictures() {}

  static byte[] png(long seed, int width, int height) {
    return encode(seed, width, height, BufferedImage.TYPE_INT_RGB, "png");
  }

  static byte[] greyJpeg(long seed, int width, int height) {
    return encode(seed, width, height, BufferedImage.TYPE_BYTE_GRAY, "jpg");
  }

  private static byte[] encode(long seed, int width, int height, int type, String format) {
    BufferedImage image = new BufferedImage(width, height, type);
    Random random = new Random(seed);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, random.nextInt());
      }
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, format, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static void put(Path root, String id, byte[] content) throws IOException {
    Path file = root.resolve(id);
    Files.createDirectories(file.getParent());
    Files.write(file, content);
  }

  /** {@code perClass} images in each of the folders. */
  static void fill(Path root, int perClass, String... folders) throws IOException {
    for (String folder : folders) {
      for (int i = 0; i < perClass; i++) {
        put(root, folder + "/" + i + ".png", png(folder.hashCode() * 31L + i, 8 + i % 3, 8));
      }
    }
  }
}
