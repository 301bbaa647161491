package dev.convoy.trainer.config;

import java.math.BigInteger;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What unquoted YAML text stands for where no key decides: the core schema of YAML 1.2 (section
 * 10.3.2) without octal, hexadecimal, infinities and NaN. Unlike YAML 1.1, {@code 1e-4} is a
 * number, and {@code no} and {@code 1:30} are text. A number with leading zeros is text, since the
 * two versions read it differently. Underscores between digits are allowed: {@code 50_000}.
 */
final class PlainScalars {
  private static final String DIGITS = "(?:0|[1-9][0-9]*(?:_[0-9]+)*)";
  private static final Pattern INTEGER = Pattern.compile("[-+]?" + DIGITS);
  private static final Pattern REAL =
      Pattern.compile("[-+]?(?:" + DIGITS + "(?:\\.[0-9]*)?|\\.[0-9]+)(?:[eE][-+]?[0-9]{1,4})?");

  private PlainScalars() {}

  static Optional<BigInteger> integer(String text) {
    return INTEGER.matcher(text).matches()
        ? Optional.of(new BigInteger(text.replace("_", "")))
        : Optional.empty();
  }

  /** Returns the number if the text is one, finite, in float64. */
  static Optional<Double> real(String text) {
    if (!REAL.matcher(text).matches()) {
      return Optional.empty();
    }
    double value = Double.parseDouble(text.replace("_", ""));
    return Double.isFinite(value) ? Optional.of(value) : Optional.empty();
  }

  static Optional<Boolean> truth(String text) {
    return switch (text) {
      case "true" -> Optional.of(true);
      case "false" -> Optional.of(false);
      default -> Optional.empty();
    };
  }

  /**
   * Returns an Integer or Long where the text is a whole number that fits, a Double, a Boolean, or
   * else the text itself.
   */
  static Object resolve(String text) {
    Optional<BigInteger> integer = integer(text);
    if (integer.isPresent() && integer.get().bitLength() < Integer.SIZE) {
      return integer.get().intValue();
    }
    if (integer.isPresent() && integer.get().bitLength() < Long.SIZE) {
      return integer.get().longValue();
    }
    Optional<Boolean> truth = truth(text);
    if (truth.isPresent()) {
      return truth.get();
    }
    Optional<Double> real = real(text);
    return real.isPresent() ? (Object) real.get() : text;
  }
}
