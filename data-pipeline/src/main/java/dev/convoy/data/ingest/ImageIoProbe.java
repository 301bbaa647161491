package dev.convoy.data.ingest;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** Decodes with the readers that ImageIO finds. */
public final class ImageIoProbe implements ImageProbe {
  // A small file can claim a size that would take all of an executor's memory.
  private static final long MOST_PIXELS = 100_000_000;

  @Override
  public ProbedImage probe(byte[] encoded) throws RejectedImageException {
    try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(encoded))) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        throw new RejectedImageException("no image format that is known (JPEG or PNG)");
      }
      ImageReader reader = readers.next();
      try {
        reader.setInput(in, true, true);
        return decoded(reader);
      } finally {
        reader.dispose();
      }
    } catch (IOException | RuntimeException e) {
      throw new RejectedImageException("cannot be decoded: " + e.getMessage(), e);
    }
  }

  private static ProbedImage decoded(ImageReader reader)
      throws IOException, RejectedImageException {
    long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
    if (pixels > MOST_PIXELS) {
      throw new RejectedImageException(pixels + " pixels are above the limit of " + MOST_PIXELS);
    }
    BufferedImage image = reader.read(0);
    int channels = image.getColorModel().getNumColorComponents() == 1 ? 1 : 3;
    return new ProbedImage(image.getWidth(), image.getHeight(), channels);
  }
}
