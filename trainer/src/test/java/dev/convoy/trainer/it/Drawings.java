package dev.convoy.trainer.it;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;
import javax.imageio.ImageIO;

/** Little grey drawings to train on: a class is a kind of figure, drawn anywhere at any size. */
final class Drawings {

  /** What can be drawn; the lower-case names are the classes. */
  enum Figure {
    BAR,
    CROSS,
    DISC,
    RING
  }

  private static final int SIDE = 28;

  private final Random random;

  /**
   * Drawings that are a function of a seed.
   *
   * @param seed of places and sizes
   */
  Drawings(long seed) {
    this.random = new Random(seed);
  }

  /** Writes PNG files, a folder for each class. */
  void write(Path folder, int perClass) throws IOException {
    for (Figure figure : Figure.values()) {
      Path of = Files.createDirectories(folder.resolve(figure.name().toLowerCase(Locale.ROOT)));
      for (int i = 0; i < perClass; i++) {
        ImageIO.write(draw(figure), "png", of.resolve("%03d.png".formatted(i)).toFile());
      }
    }
  }

  private BufferedImage draw(Figure figure) {
    BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_BYTE_GRAY);
    int size = 10 + random.nextInt(8);
    int x = 2 + random.nextInt(SIDE - size - 4);
    int y = 2 + random.nextInt(SIDE - size - 4);
    Graphics2D pen = image.createGraphics();
    int grey = 150 + random.nextInt(100);
    pen.setColor(new Color(grey, grey, grey));
    pen.setStroke(new BasicStroke(2));
    switch (figure) {
      case BAR -> pen.fillRect(x, y + size / 2, size, 3);
      case CROSS -> {
        pen.drawLine(x, y, x + size, y + size);
        pen.drawLine(x + size, y, x, y + size);
      }
      case DISC -> pen.fillOval(x, y, size, size);
      case RING -> pen.drawOval(x, y, size, size);
    }
    pen.dispose();
    return image;
  }
}
