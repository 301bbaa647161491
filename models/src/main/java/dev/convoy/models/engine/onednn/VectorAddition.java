package dev.convoy.models.engine.onednn;

/** The sum of two float32 vectors, in pieces that stay in the cache. */
final class VectorAddition {
  private final HostArrays arrays = new HostArrays();
  private final float[] sum = new float[HostArrays.CHUNK];
  private final float[] summand = new float[HostArrays.CHUNK];

  /** Adds to what lies at {@code target}. */
  void run(long target, long from, long elements) {
    for (long at = 0; at < elements; at += HostArrays.CHUNK) {
      int count = (int) Math.min(HostArrays.CHUNK, elements - at);
      arrays.read(target + at * Float.BYTES, sum, count);
      arrays.read(from + at * Float.BYTES, summand, count);
      for (int i = 0; i < count; i++) {
        sum[i] += summand[i];
      }
      arrays.write(sum, count, target + at * Float.BYTES);
    }
  }
}
