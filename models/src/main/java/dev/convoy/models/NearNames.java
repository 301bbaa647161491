package dev.convoy.models;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Which known names a mistyped one may have meant. */
final class NearNames {
  private NearNames() {}

  /** " Did you mean ...?" with up to three near names, or the empty string. */
  static String hint(String given, Collection<String> known) {
    String lower = given.toLowerCase(Locale.ROOT);
    List<String> near =
        known.stream()
            .filter(name -> distance(lower, name) <= 2 + lower.length() / 4 || related(lower, name))
            .sorted(
                Comparator.comparingInt((String name) -> distance(lower, name))
                    .thenComparing(Comparator.naturalOrder()))
            .limit(3)
            .toList();
    return near.isEmpty() ? "" : " Did you mean " + String.join(" or ", near) + "?";
  }

  private static boolean related(String given, String name) {
    return given.length() >= 3 && (name.startsWith(given) || given.startsWith(name));
  }

  /** Levenshtein's edit distance. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substitution = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substitution, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
