package dev.convoy.data.image;

import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * PNG through the JDK's own reader, which is given the chunks that make pixels and nothing else,
 * and asked for the stored samples: palette, transparency and 8 bits a sample are computed here, so
 * that no colour management takes part.
 */
final class PngDecoder {
  private static final ImageReaderSpi READER = JdkImageReaders.provider("png");

  /** Bounds the buffer: a row can be as long as the whole image. */
  private static final int PIXELS_AT_ONCE = 1024;

  private final PngFile png;
  private final int colours;
  private final int bands;
  private final int[] stored;

  private PngDecoder(PngFile png) {
    this.png = png;
    colours = png.header().isGrey() ? 1 : 3;
    bands = colours + (png.header().hasAlpha() || png.transparency().length > 0 ? 1 : 0);
    stored = new int[PIXELS_AT_ONCE * png.header().channels()];
  }

  static Samples decode(PngFile png) throws UnreadableImageException {
    return new PngDecoder(png).samples(raster(png));
  }

  private static Raster raster(PngFile png) throws UnreadableImageException {
    ImageReader reader = JdkImageReaders.open(READER);
    try (var input = new MemoryCacheImageInputStream(new ByteArrayInputStream(png.pixelChunks()))) {
      reader.setInput(input, true, true);
      // Of the types offered for reading, the one that is as the file is: nothing is converted.
      ImageReadParam asStored = reader.getDefaultReadParam();
      asStored.setDestinationType(reader.getRawImageType(0));
      return reader.read(0, asStored).getRaster();
    } catch (IOException | RuntimeException e) {
      throw new UnreadableImageException("damaged PNG: " + reason(e), e);
    } finally {
      reader.dispose();
    }
  }

  /** The reader wraps what it met, and what it met often has no message. */
  private static String reason(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause instanceof EOFException
        ? "rows of pixels are missing, its compressed data ends early"
        : String.valueOf(cause.getMessage());
  }

  private Samples samples(Raster raster) throws UnreadableImageException {
    PngHeader header = png.header();
    if (raster.getWidth() != header.width()
        || raster.getHeight() != header.height()
        || raster.getNumBands() != header.channels()) {
      throw new UnreadableImageException("damaged PNG: its header contradicts itself");
    }
    byte[] result = new byte[header.width() * header.height() * bands];
    if (header.bits() == 8 && !header.isPalette() && bands == header.channels()) {
      raster.getDataElements(0, 0, header.width(), header.height(), result);
    } else {
      for (int y = 0; y < header.height(); y++) {
        for (int x = 0; x < header.width(); x += PIXELS_AT_ONCE) {
          int pixels = Math.min(PIXELS_AT_ONCE, header.width() - x);
          expand(raster.getPixels(x, y, pixels, 1, stored), pixels, y * header.width() + x, result);
        }
      }
    }
    return new Samples(header.width(), header.height(), bands, result);
  }

  /** Some pixels as they are stored to bytes, from the given number of the image's pixels on. */
  private void expand(int[] pixels, int count, int first, byte[] result)
      throws UnreadableImageException {
    int channels = png.header().channels();
    for (int i = 0; i < count; i++) {
      int to = (first + i) * bands;
      if (png.header().isPalette()) {
        lookUp(pixels[i], result, to);
      } else {
        convert(pixels, i * channels, result, to);
      }
    }
  }

  private void convert(int[] pixels, int from, byte[] result, int to) {
    int bits = png.header().bits();
    int channels = png.header().channels();
    for (int c = 0; c < channels; c++) {
      int sample = pixels[from + c];
      result[to + c] = (byte) (bits == 16 ? sample >> 8 : sample * 255 / ((1 << bits) - 1));
    }
    if (bands > channels) {
      result[to + colours] = (byte) (isTransparent(pixels, from) ? 0 : 255);
    }
  }

  private void lookUp(int index, byte[] result, int to) throws UnreadableImageException {
    byte[] palette = png.palette();
    if (3 * index >= palette.length) {
      throw new UnreadableImageException(
          "damaged PNG: colour %d of a palette of %d".formatted(index, palette.length / 3));
    }
    System.arraycopy(palette, 3 * index, result, to, 3);
    if (bands == 4) {
      byte[] alpha = png.transparency();
      result[to + 3] = index < alpha.length ? alpha[index] : (byte) 255;
    }
  }

  /** Whether all samples, as wide as they are stored, are those of the tRNS chunk. */
  private boolean isTransparent(int[] pixels, int from) {
    byte[] key = png.transparency();
    for (int c = 0; c < colours; c++) {
      if (pixels[from + c] != ((key[2 * c] & 0xff) << 8 | (key[2 * c + 1] & 0xff))) {
        return false;
      }
    }
    return true;
  }
}
