package dev.convoy.data.dataset;

import java.util.Locale;
import java.util.regex.Pattern;

/** Names of version folders: NNNNN-FFFFFFFFFFFF, a number and the fingerprint's beginning. */
public final class VersionName {
  private static final Pattern FORM = Pattern.compile("\\d{5,9}-[0-9a-f]{12}");
  private static final int SUFFIX_DIGITS = 12;

  private VersionName() {}

  public static String of(int number, String fingerprint) {
    return String.format(Locale.ROOT, "%05d-%s", number, suffix(fingerprint));
  }

  public static boolean isValid(String name) {
    return FORM.matcher(name).matches();
  }

  /** The number of a valid name. */
  public static int number(String name) {
    return Integer.parseInt(name.substring(0, name.indexOf('-')));
  }

  static String suffix(String fingerprint) {
    return fingerprint.substring(0, Math.min(SUFFIX_DIGITS, fingerprint.length()));
  }
}
