package dev.convoy.data.image;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;

/**
 * PNG (W3C Portable Network Graphics, second edition). Strict about what makes pixels: checksums of
 * the critical chunks, the end of the data and the end of the file; indifferent to ancillary chunks
 * but tRNS, none of which is ever decompressed.
 */
final class PngDecoder {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  private static final int IHDR = type("IHDR");
  private static final int PLTE = type("PLTE");
  private static final int TRNS = type("tRNS");
  private static final int IDAT = type("IDAT");
  private static final int IEND = type("IEND");

  private final byte[] in;
  private final List<PngPixels.Range> compressed = new ArrayList<>();
  private PngHeader header;
  private byte[] palette = {};
  private byte[] transparency = {};

  PngDecoder(byte[] encoded) {
    in = encoded;
  }

  static boolean recognises(byte[] encoded) {
    return encoded.length >= SIGNATURE.length
        && Arrays.equals(encoded, 0, SIGNATURE.length, SIGNATURE, 0, SIGNATURE.length);
  }

  Samples decode() throws UnreadableImageException {
    int at = SIGNATURE.length;
    int type;
    do {
      if (at + 12 > in.length) {
        throw endsEarly();
      }
      int length = int32(at);
      type = int32(at + 4);
      int body = at + 8;
      if (length < 0 || length > in.length - body - 4) {
        throw endsEarly();
      }
      chunk(type, body, length);
      at = body + length + 4;
    } while (type != IEND);
    if (compressed.isEmpty()) {
      throw new UnreadableImageException("damaged PNG: it holds no image data");
    }
    if (header.isPalette() && palette.length == 0) {
      throw new UnreadableImageException("damaged PNG: its palette is missing");
    }
    PngPixels pixels = new PngPixels(header, palette, transparency);
    return pixels.read(in, compressed);
  }

  private void chunk(int type, int body, int length) throws UnreadableImageException {
    if (header == null && type != IHDR) {
      throw new UnreadableImageException("damaged PNG: its header chunk does not come first");
    }
    boolean critical = (type & 0x20000000) == 0;
    if (!critical && type != TRNS) {
      return;
    }
    CRC32 crc = new CRC32();
    crc.update(in, body - 4, length + 4);
    if ((int) crc.getValue() != int32(body + length)) {
      throw new UnreadableImageException(
          "damaged PNG: the checksum of its %s chunk is wrong".formatted(name(body - 4)));
    }
    if (type == IHDR) {
      if (header != null) {
        throw new UnreadableImageException("damaged PNG: it has a second header chunk");
      }
      header = PngHeader.parse(in, body, length);
    } else if (type == PLTE) {
      if (length == 0 || length % 3 != 0 || length > 256 * 3) {
        throw new UnreadableImageException("damaged PNG: a palette of " + length + " bytes");
      }
      palette = Arrays.copyOfRange(in, body, body + length);
    } else if (type == TRNS) {
      transparency = Arrays.copyOfRange(in, body, body + length);
    } else if (type == IDAT) {
      compressed.add(new PngPixels.Range(body, length));
    } else if (type != IEND) {
      throw new UnreadableImageException(
          "a PNG with the unknown critical chunk %s is not read".formatted(name(body - 4)));
    }
  }

  /** A chunk's name, fit for a message even if it is damaged. */
  private String name(int offset) {
    StringBuilder name = new StringBuilder();
    for (int i = 0; i < 4; i++) {
      char c = (char) (in[offset + i] & 0xff);
      name.append(c > ' ' && c < 0x7f ? c : '?');
    }
    return name.toString();
  }

  private int int32(int offset) {
    return PngHeader.int32(in, offset);
  }

  private static int type(String name) {
    return name.charAt(0) << 24 | name.charAt(1) << 16 | name.charAt(2) << 8 | name.charAt(3);
  }

  private UnreadableImageException endsEarly() {
    return new UnreadableImageException(
        "the PNG ends early: %d bytes without its end chunk".formatted(in.length));
  }
}
