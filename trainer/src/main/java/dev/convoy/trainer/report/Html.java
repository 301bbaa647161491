package dev.convoy.trainer.report;

import java.util.Locale;

/** Text and numbers as they stand in the report. */
final class Html {
  private Html() {}

  /**
   * Returns text that is text in HTML and in XML, in elements and in quoted attributes: markup is
   * escaped, and characters that XML 1.0 (section 2.2) has no place for become U+FFFD.
   */
  static String escape(String text) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.appendCodePoint(isXml(c) ? c : 0xFFFD);
              }
            });
    return out.toString();
  }

  private static boolean isXml(int c) {
    return c == '\t'
        || c == '\n'
        || c == '\r'
        || (c >= 0x20 && c < 0xD800)
        || (c >= 0xE000 && c < 0xFFFE)
        || c >= 0x10000;
  }

  /** Returns a share of 1 as {@code 92.31%}, or a dash where there is none. */
  static String percent(double share) {
    return Double.isFinite(share) ? String.format(Locale.ROOT, "%.2f%%", share * 100) : "–";
  }

  /** Returns a number with so many decimals, or a dash where there is none. */
  static String number(double value, int decimals) {
    return Double.isFinite(value) ? String.format(Locale.ROOT, "%." + decimals + "f", value) : "–";
  }

  static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }
}
