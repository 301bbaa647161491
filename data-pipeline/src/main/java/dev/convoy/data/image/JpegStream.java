package dev.convoy.data.image;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * A JPEG file reduced to what its pixels are made of (ITU-T T.81): the frame, the tables and the
 * scans. Application segments (EXIF, ICC, thumbnails, comments) are left out, after they were asked
 * for the colour space: nothing that is damaged there can then disturb the reading.
 *
 * @param colour what the components mean, by libjpeg's rules
 * @param bytes the reduced stream, from start-of-image to end-of-image
 */
record JpegStream(int width, int height, Colour colour, byte[] bytes) {

  /** What the components of a frame mean. */
  enum Colour {
    GREY(1),
    YCC(3),
    RGB(3),
    CMYK(4),
    YCCK(4);

    private final int components;

    Colour(int components) {
      this.components = components;
    }

    int components() {
      return components;
    }
  }

  static boolean recognises(byte[] encoded) {
    return encoded.length >= 3
        && encoded[0] == (byte) 0xff
        && encoded[1] == (byte) Marker.SOI
        && encoded[2] == (byte) 0xff;
  }

  /**
   * Walks through the segments.
   *
   * @throws UnreadableImageException if the file ends before its end-of-image marker, if it has too
   *     many pixels, or is of a kind that is not read
   */
  static JpegStream parse(byte[] encoded) throws UnreadableImageException {
    return new Walk(encoded).run();
  }

  /**
   * Whether what stands before the end-of-image marker is padding: so many times the same byte. The
   * fill bytes (0xff) directly before a marker belong to it and are not counted.
   */
  boolean endsInPadding(int length) {
    int end = bytes.length - 2;
    while (end > 0 && bytes[end - 1] == (byte) 0xff) {
      end--;
    }
    if (length > end) {
      return false;
    }
    for (int i = end - length; i < end; i++) {
      if (bytes[i] != bytes[end - 1]) {
        return false;
      }
    }
    return true;
  }

  private static final class Marker {
    static final int SOI = 0xd8;
    static final int EOI = 0xd9;
    static final int SOS = 0xda;
    static final int SOF0 = 0xc0;
    static final int SOF2 = 0xc2;
    static final int SOF15 = 0xcf;
    static final int DHT = 0xc4;
    static final int JPG = 0xc8;
    static final int DAC = 0xcc;
    static final int DNL = 0xdc;
    static final int DQT = 0xdb;
    static final int DRI = 0xdd;
    static final int APP0 = 0xe0;
    static final int APP14 = 0xee;

    static boolean isRestart(int marker) {
      return marker >= 0xd0 && marker <= 0xd7;
    }

    static boolean isFrame(int marker) {
      return marker >= SOF0 && marker <= SOF15 && marker != DHT && marker != JPG && marker != DAC;
    }
  }

  private static final class Walk {
    /** A progressive file of many scans costs time out of all proportion to its size. */
    private static final int MAX_SCANS = 500;

    private final byte[] in;
    private final ByteArrayOutputStream out;
    private int at = 2;
    private int scans;
    private int width;
    private int height;
    private boolean sequential;
    private byte[] componentIds = {};
    private boolean jfif;
    private int adobeTransform = -1;

    Walk(byte[] encoded) {
      in = encoded;
      out = new ByteArrayOutputStream(encoded.length);
    }

    JpegStream run() throws UnreadableImageException {
      marker(Marker.SOI);
      for (int marker = next(); marker != Marker.EOI; marker = next()) {
        if (marker == 0x01 || Marker.isRestart(marker)) {
          continue; // without content, and without meaning outside of a scan
        }
        if (marker == Marker.SOI) {
          throw new UnreadableImageException("damaged JPEG: a second image begins inside of it");
        }
        segment(marker);
      }
      if (scans == 0) {
        throw new UnreadableImageException("damaged JPEG: it holds no image data");
      }
      marker(Marker.EOI);
      return new JpegStream(width, height, colour(), out.toByteArray());
    }

    private void marker(int marker) {
      out.write(0xff);
      out.write(marker);
    }

    /** The next marker; bytes before it, which should not be there, are passed over. */
    private int next() throws UnreadableImageException {
      int marker;
      do {
        while (at < in.length && in[at] != (byte) 0xff) {
          at++;
        }
        while (at < in.length && in[at] == (byte) 0xff) {
          at++;
        }
        if (at >= in.length) {
          throw endsEarly();
        }
        marker = in[at++] & 0xff;
      } while (marker == 0);
      return marker;
    }

    private void segment(int marker) throws UnreadableImageException {
      if (at + 2 > in.length) {
        throw endsEarly();
      }
      int length = unsigned16(at);
      int body = at + 2;
      int end = at + length;
      if (length < 2) {
        throw new UnreadableImageException("damaged JPEG: a segment of length " + length);
      }
      if (end > in.length) {
        throw endsEarly();
      }
      if (Marker.isFrame(marker)) {
        frame(marker, body, end);
      } else if (marker == Marker.DNL || marker == Marker.DAC) {
        throw new UnreadableImageException("a JPEG with marker %02x is not read".formatted(marker));
      } else if (marker == Marker.APP0) {
        jfif |= startsWith(body, end, "JFIF\0");
      } else if (marker == Marker.APP14 && startsWith(body, end, "Adobe") && end - body >= 12) {
        adobeTransform = in[body + 11] & 0xff;
      }
      boolean kept =
          marker == Marker.DHT
              || marker == Marker.DQT
              || marker == Marker.DRI
              || Marker.isFrame(marker);
      if (marker == Marker.SOS) {
        scanHeader(length);
      } else if (kept) {
        marker(marker);
        out.write(in, at, length);
      }
      at = end;
      if (marker == Marker.SOS) {
        scan();
      }
    }

    private void frame(int marker, int body, int end) throws UnreadableImageException {
      if (componentIds.length > 0) {
        throw new UnreadableImageException("damaged JPEG: it has a second frame");
      }
      if (marker > Marker.SOF2) {
        throw new UnreadableImageException(
            "a lossless, hierarchical or arithmetic-coded JPEG (frame type %d) is not read"
                .formatted(marker - Marker.SOF0));
      }
      int components = end - body < 6 ? 0 : in[body + 5] & 0xff;
      if (end - body < 6 + 3 * components) {
        throw new UnreadableImageException("damaged JPEG: its frame header is too short");
      }
      if (in[body] != 8) {
        throw new UnreadableImageException(
            "a JPEG with %d bits a sample is not read, only 8".formatted(in[body] & 0xff));
      }
      if (components != 1 && components != 3 && components != 4) {
        throw new UnreadableImageException(
            "a JPEG of %d components is not read, only 1, 3 or 4".formatted(components));
      }
      sequential = marker != Marker.SOF2;
      height = unsigned16(body + 1);
      width = unsigned16(body + 3);
      ImageDecoder.requirePixels(width, height);
      componentIds = new byte[components];
      for (int c = 0; c < components; c++) {
        componentIds[c] = in[body + 6 + 3 * c];
      }
    }

    /**
     * Copies a scan's header. Its last three bytes (Ss, Se, Ah and Al) say nothing in a sequential
     * file, where libjpeg decodes as if they were 0, 63 and 0. It warns of others, though, and is
     * then silent about damage: it reports the first warning of an image only.
     */
    private void scanHeader(int length) throws UnreadableImageException {
      int components = length > 2 ? in[at + 2] & 0xff : 0;
      if (length != 6 + 2 * components) {
        throw new UnreadableImageException(
            "damaged JPEG: a scan header of %d bytes for %d components"
                .formatted(length, components));
      }
      marker(Marker.SOS);
      if (sequential) {
        out.write(in, at, length - 3);
        out.write(0);
        out.write(63);
        out.write(0);
      } else {
        out.write(in, at, length);
      }
    }

    /** Copies a scan's entropy-coded data, restart markers included, up to the next marker. */
    private void scan() throws UnreadableImageException {
      if (componentIds.length == 0) {
        throw new UnreadableImageException("damaged JPEG: a scan comes before the frame header");
      }
      if (++scans > MAX_SCANS) {
        throw new UnreadableImageException("a JPEG of more than " + MAX_SCANS + " scans");
      }
      int start = at;
      while (at + 1 < in.length) {
        if (in[at] == (byte) 0xff) {
          int follower = in[at + 1] & 0xff;
          if (follower != 0 && follower != 0xff && !Marker.isRestart(follower)) {
            out.write(in, start, at - start);
            return;
          }
        }
        at++;
      }
      throw endsEarly();
    }

    /** As libjpeg decides (jdapimin.c, default_decompress_parms). */
    private Colour colour() {
      switch (componentIds.length) {
        case 1:
          return Colour.GREY;
        case 3:
          boolean rgb =
              adobeTransform >= 0
                  ? adobeTransform == 0
                  : componentIds[0] == 'R' && componentIds[1] == 'G' && componentIds[2] == 'B';
          return rgb && !jfif ? Colour.RGB : Colour.YCC;
        default:
          return adobeTransform == 2 ? Colour.YCCK : Colour.CMYK;
      }
    }

    private boolean startsWith(int body, int end, String text) {
      byte[] wanted = text.getBytes(StandardCharsets.US_ASCII);
      if (end - body < wanted.length) {
        return false;
      }
      return new String(in, body, wanted.length, StandardCharsets.ISO_8859_1).equals(text);
    }

    private int unsigned16(int offset) {
      return (in[offset] & 0xff) << 8 | (in[offset + 1] & 0xff);
    }

    private UnreadableImageException endsEarly() {
      return new UnreadableImageException(
          "the JPEG ends early: %d bytes without an end-of-image marker".formatted(in.length));
    }
  }
}
