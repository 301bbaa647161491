package dev.convoy.trainer.config;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An amount of memory or storage.
 *
 * @param bytes at least 0
 */
public record ByteSize(long bytes) implements Comparable<ByteSize> {
  private static final Pattern TEXT =
      Pattern.compile("([0-9]{1,19}(?:\\.[0-9]{1,9})?) ?([A-Za-z]+)");
  private static final String RIGHT =
      "a number and a unit, for example 512MiB (B, KiB, MiB, GiB, TiB, kB, MB, GB, TB)";
  private static final Map<String, Long> UNITS = units();

  public ByteSize {
    if (bytes < 0) {
      throw new IllegalArgumentException(
          "a size of " + bytes + " bytes; a size is at least 0 bytes");
    }
  }

  /**
   * Reads a size such as {@code 512MiB}, {@code 1.5GiB} or {@code 100MB}. A unit is needed, since a
   * bare number would leave bytes or mebibytes to be guessed.
   *
   * @throws IllegalArgumentException if the text is no size, not a whole number of bytes, or too
   *     large
   */
  public static ByteSize parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches() || !UNITS.containsKey(matcher.group(2))) {
      throw new IllegalArgumentException("'" + text + "' is not a size; it must be " + RIGHT);
    }
    BigDecimal bytes =
        new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(UNITS.get(matcher.group(2))));
    try {
      return new ByteSize(bytes.longValueExact());
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a whole number of bytes below 8 EiB; it must be " + RIGHT, e);
    }
  }

  /** Returns the exact size in the largest binary unit that divides it, as {@link #parse} reads. */
  @Override
  public String toString() {
    String text = bytes + "B";
    for (String unit : List.of("KiB", "MiB", "GiB", "TiB")) {
      long factor = UNITS.get(unit);
      if (bytes >= factor && bytes % factor == 0) {
        text = bytes / factor + unit;
      }
    }
    return text;
  }

  @Override
  public int compareTo(ByteSize other) {
    return Long.compare(bytes, other.bytes);
  }

  private static Map<String, Long> units() {
    Map<String, Long> units = new LinkedHashMap<>();
    units.put("B", 1L);
    long binary = 1;
    long decimal = 1;
    for (String prefix : List.of("K", "M", "G", "T")) {
      binary *= 1024;
      decimal *= 1000;
      units.put(prefix + "iB", binary);
      units.put((prefix.equals("K") ? "k" : prefix) + "B", decimal);
    }
    return Map.copyOf(units);
  }
}
