package dev.convoy.trainer.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the name that somebody probably meant. */
final class NearNames {
  private NearNames() {}

  /** Returns the name nearest to {@code given} if it is near enough to be a slip of the hand. */
  static Optional<String> nearest(String given, Collection<String> names) {
    return names.stream()
        .filter(name -> distance(given, name) <= Math.max(1, Math.min(given.length(), 9) / 3))
        .min(Comparator.comparingInt((String name) -> distance(given, name)));
  }

  /**
   * Returns the edits (insert, delete, replace, swap neighbours) between two names: the optimal
   * string alignment distance, ignoring case and taking {@code -} for {@code _}.
   */
  static int distance(String first, String second) {
    String a = first.toLowerCase(java.util.Locale.ROOT).replace('-', '_');
    String b = second.toLowerCase(java.util.Locale.ROOT).replace('-', '_');
    int[][] edits = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          edits[i][j] = i + j;
          continue;
        }
        int replaced = edits[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        edits[i][j] = Math.min(replaced, Math.min(edits[i - 1][j], edits[i][j - 1]) + 1);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          edits[i][j] = Math.min(edits[i][j], edits[i - 2][j - 2] + 1);
        }
      }
    }
    return edits[a.length()][b.length()];
  }
}
