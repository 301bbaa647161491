package dev.convoy.models.weights;

import java.util.Arrays;
import java.util.Random;

/** Damages files, repeatably: number k of a seed is always the same. */
final class Mutations {

  private static final long[] EDGES = {
    0, 1, -1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, Integer.MAX_VALUE, Integer.MIN_VALUE, Long.MAX_VALUE
  };

  private Mutations() {}

  static byte[] of(byte[] sound, long seed) {
    Random random = new Random(seed * 0x9e3779b97f4a7c15L);
    byte[] damaged = sound.clone();
    int changes = 1 + random.nextInt(6);
    for (int i = 0; i < changes && damaged.length > 0; i++) {
      damaged = change(damaged, random);
    }
    return damaged;
  }

  private static byte[] change(byte[] file, Random random) {
    int at = random.nextInt(file.length);
    switch (random.nextInt(7)) {
      case 0 -> file[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> file[at] = (byte) random.nextInt(256);
      case 2 -> edge(file, at, random);
      case 3 -> { // a piece from elsewhere: addresses and lengths of other structures
        int from = random.nextInt(file.length);
        int length = Math.min(1 + random.nextInt(16), file.length - Math.max(at, from));
        System.arraycopy(file, from, file, at, length);
      }
      case 4 -> {
        if (random.nextInt(4) == 0) {
          return Arrays.copyOf(file, random.nextInt(file.length + 1));
        }
      }
      case 5 -> {
        return spliced(file, at, new byte[1 + random.nextInt(8)], 0);
      }
      default -> {
        return spliced(file, at, new byte[0], 1 + random.nextInt(8));
      }
    }
    return file;
  }

  private static void edge(byte[] file, int at, Random random) {
    long value = EDGES[random.nextInt(EDGES.length)];
    int width = 1 << random.nextInt(4);
    for (int i = 0; i < width && at + i < file.length; i++) {
      file[at + i] = (byte) (value >> (8 * i));
    }
  }

  private static byte[] spliced(byte[] file, int at, byte[] in, int out) {
    int end = Math.min(file.length, at + out);
    byte[] result = Arrays.copyOf(file, at + in.length + file.length - end);
    System.arraycopy(in, 0, result, at, in.length);
    System.arraycopy(file, end, result, at + in.length, file.length - end);
    return result;
  }
}
