package dev.convoy.data.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.DeflaterOutputStream;

/** PNG files of any kind, chunk by chunk, unfiltered; sound or not, but with right checksums. */
final class RawPng {
  private record Chunk(String name, byte[] body) {}

  private final List<Chunk> chunks = new ArrayList<>();

  RawPng header(int width, int height, int bits, int colourType) {
    return header(width, height, bits, colourType, 0);
  }

  RawPng header(int width, int height, int bits, int colourType, int methods) {
    ByteBuffer body = ByteBuffer.allocate(13).putInt(width).putInt(height);
    body.put((byte) bits).put((byte) colourType);
    body.put((byte) (methods >> 16)).put((byte) (methods >> 8)).put((byte) methods);
    return chunk("IHDR", body.array());
  }

  RawPng chunk(String name, byte[] body) {
    chunks.add(new Chunk(name, body));
    return this;
  }

  /** Samples of rows, as many as fit the width, big-endian, packed from the high bit. */
  RawPng rows(int[] samples, int perRow, int bits) {
    return data(deflated(packed(samples, perRow, bits)));
  }

  /** The same in many chunks, some of them empty. */
  RawPng rowsInPieces(int[] samples, int perRow, int bits, long seed) {
    byte[] data = deflated(packed(samples, perRow, bits));
    Random random = new Random(seed);
    for (int at = 0; at < data.length; ) {
      int length = Math.min(random.nextInt(4), data.length - at);
      data(Arrays.copyOfRange(data, at, at + length));
      at += length;
    }
    return this;
  }

  RawPng data(byte[] compressed) {
    return chunk("IDAT", compressed);
  }

  byte[] file() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(PngEncoder.signature());
    chunks.forEach(chunk -> PngEncoder.chunk(out, chunk.name(), chunk.body()));
    PngEncoder.chunk(out, "IEND", new byte[0]);
    return out.toByteArray();
  }

  static byte[] packed(int[] samples, int perRow, int bits) {
    int rows = samples.length / perRow;
    int rowBytes = 1 + (perRow * bits + 7) / 8;
    byte[] packed = new byte[rows * rowBytes];
    for (int i = 0; i < samples.length; i++) {
      int bit = i % perRow * bits;
      int at = i / perRow * rowBytes + 1 + bit / 8;
      if (bits == 16) {
        packed[at] = (byte) (samples[i] >> 8);
        packed[at + 1] = (byte) samples[i];
      } else {
        packed[at] |= (byte) (samples[i] << (8 - bits - bit % 8));
      }
    }
    return packed;
  }

  static byte[] deflated(byte[] data) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (DeflaterOutputStream deflater = new DeflaterOutputStream(out)) {
      deflater.write(data);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
