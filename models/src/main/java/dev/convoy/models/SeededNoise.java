package dev.convoy.models;

import java.nio.charset.StandardCharsets;

/**
 * Random numbers for initial parameters. Element i of a tensor depends on (seed, tensor name, i)
 * alone: a SplitMix64 counter gives uniform numbers and the Box-Muller transform in strict
 * arithmetic makes them normal, so every machine gets the same bits, in any order and on any
 * thread.
 */
final class SeededNoise {
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;
  private static final double TO_UNIT = 0x1.0p-53;

  private SeededNoise() {}

  /**
   * Some values of one tensor, of mean 0, each a function of its place.
   *
   * @param name the tensor's name, which keeps the streams of different tensors apart
   * @param from the first, an even number: they are drawn in pairs
   * @param length how many
   * @param deviation the standard deviation
   */
  static double[] normal(long seed, String name, int from, int length, double deviation) {
    requireEven(from);
    long stream = stream(seed, name);
    double[] values = new double[length];
    for (int i = 0; i < length; i += 2) {
      // (0, 1] for the logarithm, [0, 1) for the angle.
      double first = ((bits(stream, from + i) >>> 11) + 1) * TO_UNIT;
      double second = (bits(stream, from + i + 1) >>> 11) * TO_UNIT;
      double radius = deviation * StrictMath.sqrt(-2.0 * StrictMath.log(first));
      double angle = 2.0 * Math.PI * second;
      values[i] = radius * StrictMath.cos(angle);
      if (i + 1 < length) {
        values[i + 1] = radius * StrictMath.sin(angle);
      }
    }
    return values;
  }

  /** As {@link #normal}, but uniform in [-bound, bound). */
  static double[] uniform(long seed, String name, int from, int length, double bound) {
    requireEven(from);
    long stream = stream(seed, name);
    double[] values = new double[length];
    for (int i = 0; i < length; i++) {
      values[i] = bound * (2.0 * ((bits(stream, from + i) >>> 11) * TO_UNIT) - 1.0);
    }
    return values;
  }

  private static void requireEven(int from) {
    if (from < 0 || from % 2 != 0) {
      throw new IllegalArgumentException("from is " + from + "; it has to be even, 0 or more");
    }
  }

  private static long stream(long seed, String name) {
    return mix(mix(seed + GOLDEN_GAMMA) ^ fnv1a(name));
  }

  private static long bits(long stream, int place) {
    return mix(stream + (place + 1) * GOLDEN_GAMMA);
  }

  /** SplitMix64's finaliser (Steele, Lea, Flood 2014). */
  private static long mix(long z) {
    long a = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    long b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
    return b ^ (b >>> 31);
  }

  private static long fnv1a(String name) {
    long hash = 0xCBF29CE484222325L;
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xFF)) * 0x100000001B3L;
    }
    return hash;
  }
}
