package dev.convoy.data.augment;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The random numbers of one augmentation of one example in one epoch. They are a pure function of
 * (seed, epoch, example id, position of the augmentation in its chain), so that it does not matter
 * where, when and how often an example is prepared. The algorithm belongs to the law "same
 * experiment, same bits": changing it changes every result.
 *
 * <p>With {@code mix} the finaliser of SplitMix64 (G. Steele, D. Lea, C. Flood, Fast Splittable
 * Pseudorandom Number Generators, OOPSLA 2014; variant 13 of D. Stafford's mixers) and {@code G} =
 * 0x9e3779b97f4a7c15:
 *
 * <pre>
 * id    = first 8 bytes, big-endian, of SHA-256(UTF-8 of the example id)
 * key   = 0; for v in (seed, epoch, id, position): key = mix((key ^ v) + G)
 * n-th 64-bit number, n = 1, 2, ...: mix(key + n * G)
 * </pre>
 */
public final class AugmentRandom {
  private static final long GAMMA = 0x9e3779b97f4a7c15L;

  private long state;

  private AugmentRandom(long key) {
    state = key;
  }

  /**
   * The stream for one augmentation of one example.
   *
   * @param position of the augmentation in its chain, from 0
   */
  public static AugmentRandom of(long seed, int epoch, String exampleId, int position) {
    return at(exampleKey(seed, epoch, exampleId), position);
  }

  /** What the streams of one example in one epoch have in common. */
  static long exampleKey(long seed, int epoch, String exampleId) {
    return fold(fold(fold(0, seed), epoch), hash(exampleId));
  }

  static AugmentRandom at(long exampleKey, int position) {
    return new AugmentRandom(fold(exampleKey, position));
  }

  /** 64 uniform bits. */
  public long nextLong() {
    state += GAMMA;
    return mix(state);
  }

  /** Uniform in [0, 1), a multiple of 2^-53: the upper 53 bits of the next number. */
  public double nextDouble() {
    return (nextLong() >>> 11) * 0x1.0p-53;
  }

  /**
   * Uniform in 0 to bound - 1, each equally likely: the upper 31 bits of the next number modulo the
   * bound; numbers of the last, incomplete multiple of the bound are drawn again.
   *
   * @param bound at least 1
   */
  public int nextInt(int bound) {
    if (bound < 1) {
      throw new IllegalArgumentException("a bound is at least 1, not " + bound);
    }
    while (true) {
      int bits = (int) (nextLong() >>> 33);
      int value = bits % bound;
      if (bits - value <= Integer.MAX_VALUE - (bound - 1)) {
        return value;
      }
    }
  }

  /**
   * Normal with mean 0 and deviation 1, from the next two numbers u and v of {@link #nextDouble}:
   * {@code sqrt(-2 ln(1 - u)) cos(2 pi v)} (Box and Muller 1958) in {@link StrictMath}, whose bits
   * are the same everywhere.
   */
  public double nextGaussian() {
    double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - nextDouble()));
    return radius * StrictMath.cos(2 * Math.PI * nextDouble());
  }

  private static long fold(long key, long value) {
    return mix((key ^ value) + GAMMA);
  }

  private static long mix(long z) {
    long x = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    x = (x ^ (x >>> 27)) * 0x94d049bb133111ebL;
    return x ^ (x >>> 31);
  }

  private static long hash(String exampleId) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(exampleId.getBytes(StandardCharsets.UTF_8));
      return ByteBuffer.wrap(digest).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
