package dev.convoy.data.text;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The known name nearest to a mistyped one, by the optimal string alignment distance (insertions,
 * deletions, substitutions and swaps of neighbours cost 1 each), without regard to case.
 */
public final class Suggestions {
  private Suggestions() {}

  /**
   * The nearest of the known names, if one is near enough to be what was meant: at most a third of
   * the typed name's letters (at least one, or two from four letters on) are wrong. Of equally near
   * names the first in natural order is given.
   */
  public static Optional<String> nearest(String typed, Collection<String> known) {
    String wanted = normal(typed);
    int allowed = Math.max(wanted.length() < 4 ? 1 : 2, wanted.length() / 3);
    String best = null;
    int bestDistance = allowed + 1;
    for (String name : new TreeSet<>(known)) {
      int distance = distance(wanted, normal(name));
      // A name of two letters is two substitutions away from any other: that is no likeness.
      if (distance < bestDistance && distance < Math.max(wanted.length(), name.length())) {
        best = name;
        bestDistance = distance;
      }
    }
    return Optional.ofNullable(best);
  }

  /** {@code ", did you mean "x"?"} to be put behind a complaint, or nothing if no name is near. */
  public static String didYouMean(String typed, Collection<String> known) {
    return nearest(typed, known).map(name -> ", did you mean \"" + name + "\"?").orElse("");
  }

  /** The optimal string alignment distance of two strings, case counted. */
  static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      d[i][0] = i;
    }
    for (int j = 0; j <= b.length(); j++) {
      d[0][j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      for (int j = 1; j <= b.length(); j++) {
        int substituted = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        d[i][j] = Math.min(substituted, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        if (swapped) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }

  /** Hyphens and underscores are the same slip of the finger as upper and lower case. */
  private static String normal(String name) {
    return name.toLowerCase(Locale.ROOT).replace('-', '_');
  }
}
