package dev.convoy.data.image;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.Adler32;
import java.util.zip.CRC32;

/**
 * PNG files whose bytes depend on the pixels alone: 8 bits, no filter, and stored (uncompressed)
 * deflate blocks, because what zlib makes of data varies between its builds, and with it would the
 * fingerprint of every dataset made from these files. For the small images this is meant for, a
 * file system's blocks take the gain of a compression anyway.
 */
public final class PngEncoder {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  private static final int MAX_STORED_BLOCK = 65535;

  private PngEncoder() {}

  /** The PNG file of an image: grey for 1 channel, colour for 3. */
  public static byte[] encode(PixelImage image) {
    byte[] rows = rows(image);
    ByteArrayOutputStream out = new ByteArrayOutputStream(rows.length + 128);
    out.writeBytes(SIGNATURE);
    ByteArrayOutputStream header = new ByteArrayOutputStream(13);
    int32(header, image.width());
    int32(header, image.height());
    header.write(8);
    header.write(image.channels() == 1 ? 0 : 2);
    header.write(0);
    header.write(0);
    header.write(0);
    chunk(out, "IHDR", header.toByteArray());
    chunk(out, "IDAT", stored(rows));
    chunk(out, "IEND", new byte[0]);
    return out.toByteArray();
  }

  /** What every PNG file begins with. */
  static byte[] signature() {
    return SIGNATURE.clone();
  }

  private static byte[] rows(PixelImage image) {
    int stride = image.width() * image.channels();
    byte[] rows = new byte[Math.multiplyExact(image.height(), stride + 1)];
    for (int y = 0; y < image.height(); y++) {
      System.arraycopy(image.data(), y * stride, rows, y * (stride + 1) + 1, stride);
    }
    return rows;
  }

  /** A zlib stream (RFC 1950) of stored blocks (RFC 1951, section 3.2.4). */
  private static byte[] stored(byte[] data) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(data.length + 64);
    out.write(0x78);
    out.write(0x01);
    for (int at = 0; at < data.length; at += MAX_STORED_BLOCK) {
      int length = Math.min(MAX_STORED_BLOCK, data.length - at);
      out.write(at + length == data.length ? 1 : 0);
      out.write(length);
      out.write(length >> 8);
      out.write(~length);
      out.write(~length >> 8);
      out.write(data, at, length);
    }
    Adler32 checksum = new Adler32();
    checksum.update(data);
    int32(out, (int) checksum.getValue());
    return out.toByteArray();
  }

  static void chunk(ByteArrayOutputStream out, String type, byte[] body) {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 crc = new CRC32();
    crc.update(name);
    crc.update(body);
    int32(out, body.length);
    out.writeBytes(name);
    out.writeBytes(body);
    int32(out, (int) crc.getValue());
  }

  private static void int32(ByteArrayOutputStream out, int value) {
    out.write(value >>> 24);
    out.write(value >>> 16);
    out.write(value >>> 8);
    out.write(value);
  }
}
