package dev.convoy.trainer.doctor;

/** Amounts of memory as people and Spark's settings say them, rounded up. */
final class MemorySize {

  private static final long KIB = 1 << 10;
  private static final long MIB = 1 << 20;

  /** Below so many mebibytes the rounding would show. */
  private static final long FEW = 10 * MIB;

  private MemorySize() {}

  /** Such as "35 MiB" or "483 KiB". */
  static String text(long bytes) {
    return bytes < FEW ? units(bytes, KIB) + " KiB" : units(bytes, MIB) + " MiB";
  }

  /** Such as "35m". */
  static String setting(long bytes) {
    return units(bytes, MIB) + "m";
  }

  private static long units(long bytes, long unit) {
    return (bytes + unit - 1) / unit;
  }
}
