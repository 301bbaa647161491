package dev.convoy.data.image;

import java.util.Iterator;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The pixels of a PNG: inflated row by row, unfiltered (section 9), de-interlaced (section 8.2) and
 * brought to 8 bits a sample. Palettes are looked up; tRNS becomes an alpha band.
 */
final class PngPixels {
  /** Where compressed data lies in the file. */
  record Range(int offset, int length) {}

  /** Adam7: first column, first row, column step, row step of each pass. */
  private static final int[][] ADAM7 = {
    {0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}
  };

  private static final int[][] ONE_PASS = {{0, 0, 1, 1}};

  private final PngHeader header;
  private final byte[] palette;
  private final byte[] transparency;
  private final int colours;
  private final int bands;
  private final byte[] result;

  PngPixels(PngHeader header, byte[] palette, byte[] transparency) throws UnreadableImageException {
    this.header = header;
    this.palette = palette;
    this.transparency = transparency;
    colours = header.isGrey() ? 1 : 3;
    bands = colours + (header.hasAlpha() || transparency.length > 0 ? 1 : 0);
    int keyLength = header.isGrey() ? 2 : 6;
    if (!header.isPalette() && transparency.length > 0 && transparency.length != keyLength) {
      throw new UnreadableImageException(
          "damaged PNG: a tRNS chunk of " + transparency.length + " bytes");
    }
    result = new byte[header.width() * header.height() * bands];
  }

  Samples read(byte[] in, List<Range> compressed) throws UnreadableImageException {
    Inflater inflater = new Inflater();
    try {
      Iterator<Range> ranges = compressed.iterator();
      for (int[] pass : header.interlaced() ? ADAM7 : ONE_PASS) {
        pass(pass, inflater, in, ranges);
      }
      // Reads over the end, so that the checksum of the data is looked at.
      fill(inflater, in, ranges, new byte[1], 1);
      return new Samples(header.width(), header.height(), bands, result);
    } catch (DataFormatException e) {
      throw new UnreadableImageException(
          "damaged PNG: its compressed data is wrong (" + e.getMessage() + ")", e);
    } finally {
      inflater.end();
    }
  }

  private void pass(int[] pass, Inflater inflater, byte[] in, Iterator<Range> ranges)
      throws DataFormatException, UnreadableImageException {
    int columns = (header.width() - pass[0] + pass[2] - 1) / pass[2];
    int rows = (header.height() - pass[1] + pass[3] - 1) / pass[3];
    if (columns <= 0 || rows <= 0) {
      return;
    }
    int length = header.rowBytes(columns) + 1;
    byte[] row = new byte[length];
    byte[] above = new byte[length];
    for (int r = 0; r < rows; r++) {
      if (fill(inflater, in, ranges, row, length) < length) {
        throw new UnreadableImageException("the PNG ends early: rows of pixels are missing");
      }
      PngFilter.undo(row, above, header.filterDistance());
      int first = ((pass[1] + r * pass[3]) * header.width() + pass[0]) * bands;
      expand(row, columns, first, pass[2] * bands);
      byte[] done = row;
      row = above;
      above = done;
    }
  }

  /** Inflates until the buffer is full or nothing is left; gives the bytes got. */
  private static int fill(
      Inflater inflater, byte[] in, Iterator<Range> ranges, byte[] buffer, int length)
      throws DataFormatException, UnreadableImageException {
    int got = 0;
    while (got < length && !inflater.finished()) {
      int n = inflater.inflate(buffer, got, length - got);
      got += n;
      if (n == 0 && !inflater.finished()) {
        if (inflater.needsDictionary() || !ranges.hasNext()) {
          throw new UnreadableImageException("the PNG ends early: its compressed data stops");
        }
        Range range = ranges.next();
        inflater.setInput(in, range.offset(), range.length());
      }
    }
    return got;
  }

  private void expand(byte[] row, int columns, int first, int step)
      throws UnreadableImageException {
    if (header.bits() == 8 && !header.isPalette() && transparency.length == 0 && step == bands) {
      System.arraycopy(row, 1, result, first, columns * bands);
      return;
    }
    int channels = header.channels();
    int[] pixel = new int[channels];
    for (int x = 0, to = first; x < columns; x++, to += step) {
      for (int c = 0; c < channels; c++) {
        pixel[c] = sample(row, x * channels + c);
      }
      if (header.isPalette()) {
        lookUp(pixel[0], to);
      } else {
        for (int c = 0; c < channels; c++) {
          result[to + c] = eightBits(pixel[c]);
        }
        if (transparency.length > 0 && !header.hasAlpha()) {
          result[to + colours] = (byte) (isTransparent(pixel) ? 0 : 255);
        }
      }
    }
  }

  /** Sample number i of a row, as wide as it is stored; byte 0 of the row is the filter. */
  private int sample(byte[] row, int i) {
    int bits = header.bits();
    if (bits == 8) {
      return row[1 + i] & 0xff;
    }
    if (bits == 16) {
      return (row[1 + 2 * i] & 0xff) << 8 | (row[2 + 2 * i] & 0xff);
    }
    int bit = i * bits;
    return (row[1 + bit / 8] & 0xff) >> (8 - bits - bit % 8) & ((1 << bits) - 1);
  }

  private byte eightBits(int sample) {
    return (byte) (header.bits() == 16 ? sample >> 8 : sample * 255 / ((1 << header.bits()) - 1));
  }

  private void lookUp(int index, int to) throws UnreadableImageException {
    if (3 * index >= palette.length) {
      throw new UnreadableImageException(
          "damaged PNG: colour %d of a palette of %d".formatted(index, palette.length / 3));
    }
    System.arraycopy(palette, 3 * index, result, to, 3);
    if (transparency.length > 0) {
      result[to + 3] = index < transparency.length ? transparency[index] : (byte) 255;
    }
  }

  private boolean isTransparent(int[] pixel) {
    for (int c = 0; c < colours; c++) {
      int key = (transparency[2 * c] & 0xff) << 8 | (transparency[2 * c + 1] & 0xff);
      if (pixel[c] != key) {
        return false;
      }
    }
    return true;
  }
}
