package dev.convoy.data.image;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32;

/**
 * The chunks of a PNG file (W3C Portable Network Graphics, second edition) that make pixels. The
 * JDK's reader neither looks at checksums nor misses the end of the file, and inflates text chunks
 * of any size; this is strict about the former, and no ancillary chunk but tRNS passes.
 */
final class PngFile {
  private static final int IHDR = type("IHDR");
  private static final int PLTE = type("PLTE");
  private static final int TRNS = type("tRNS");
  private static final int IDAT = type("IDAT");
  private static final int IEND = type("IEND");

  private final ByteBuffer in;
  private final ByteArrayOutputStream compressed = new ByteArrayOutputStream();
  private byte[] headerBody = {};
  private PngHeader header;
  private byte[] palette = {};
  private byte[] transparency = {};

  private PngFile(byte[] encoded) {
    in = ByteBuffer.wrap(encoded);
  }

  static boolean recognises(byte[] encoded) {
    byte[] signature = PngEncoder.signature();
    return encoded.length >= signature.length
        && Arrays.equals(encoded, 0, signature.length, signature, 0, signature.length);
  }

  /** Walks over all chunks up to the end chunk. */
  static PngFile parse(byte[] encoded) throws UnreadableImageException {
    PngFile file = new PngFile(encoded);
    file.walk();
    file.requireComplete();
    return file;
  }

  PngHeader header() {
    return header;
  }

  /** Red, green, blue of each colour; empty if the file has none. */
  byte[] palette() {
    return palette;
  }

  /** The body of the tRNS chunk; empty if there is none, or the file has alpha anyway. */
  byte[] transparency() {
    return transparency;
  }

  /** A PNG file of the header, the palette if pixels refer to one, and the compressed rows. */
  byte[] pixelChunks() {
    ByteArrayOutputStream out = new ByteArrayOutputStream(compressed.size() + 1024);
    out.writeBytes(PngEncoder.signature());
    PngEncoder.chunk(out, "IHDR", headerBody);
    if (header.isPalette()) {
      PngEncoder.chunk(out, "PLTE", palette);
    }
    PngEncoder.chunk(out, "IDAT", compressed.toByteArray());
    PngEncoder.chunk(out, "IEND", new byte[0]);
    return out.toByteArray();
  }

  private void walk() throws UnreadableImageException {
    int at = PngEncoder.signature().length;
    int type;
    do {
      if (at + 12 > in.capacity()) {
        throw endsEarly();
      }
      int length = in.getInt(at);
      type = in.getInt(at + 4);
      int body = at + 8;
      if (length < 0 || length > in.capacity() - body - 4) {
        throw endsEarly();
      }
      chunk(type, body, length);
      at = body + length + 4;
    } while (type != IEND);
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
    crc.update(in.array(), body - 4, length + 4);
    if ((int) crc.getValue() != in.getInt(body + length)) {
      throw new UnreadableImageException(
          "damaged PNG: the checksum of its %s chunk is wrong".formatted(name(body - 4)));
    }
    if (type == IHDR) {
      if (header != null) {
        throw new UnreadableImageException("damaged PNG: it has a second header chunk");
      }
      headerBody = body(body, length);
      header = PngHeader.parse(headerBody);
    } else if (type == PLTE) {
      if (length == 0 || length % 3 != 0 || length > 256 * 3) {
        throw new UnreadableImageException("damaged PNG: a palette of " + length + " bytes");
      }
      palette = body(body, length);
    } else if (type == TRNS) {
      transparency = header.hasAlpha() ? new byte[0] : body(body, length);
    } else if (type == IDAT) {
      compressed.write(in.array(), body, length);
    } else if (type != IEND) {
      throw new UnreadableImageException(
          "a PNG with the unknown critical chunk %s is not read".formatted(name(body - 4)));
    }
  }

  private void requireComplete() throws UnreadableImageException {
    if (compressed.size() == 0) {
      throw new UnreadableImageException("damaged PNG: it holds no image data");
    }
    if (header.isPalette()) {
      if (palette.length == 0) {
        throw new UnreadableImageException("damaged PNG: its palette is missing");
      }
    } else if (transparency.length != 0 && transparency.length != 2 * header.channels()) {
      throw new UnreadableImageException(
          "damaged PNG: a tRNS chunk of " + transparency.length + " bytes");
    }
  }

  private byte[] body(int offset, int length) {
    return Arrays.copyOfRange(in.array(), offset, offset + length);
  }

  /** A chunk's name, fit for a message even if it is damaged. */
  private String name(int offset) {
    StringBuilder name = new StringBuilder();
    for (int i = 0; i < 4; i++) {
      char c = (char) (in.get(offset + i) & 0xff);
      name.append(c > ' ' && c < 0x7f ? c : '?');
    }
    return name.toString();
  }

  private static int type(String name) {
    return name.charAt(0) << 24 | name.charAt(1) << 16 | name.charAt(2) << 8 | name.charAt(3);
  }

  private UnreadableImageException endsEarly() {
    return new UnreadableImageException(
        "the PNG ends early: %d bytes without its end chunk".formatted(in.capacity()));
  }
}
