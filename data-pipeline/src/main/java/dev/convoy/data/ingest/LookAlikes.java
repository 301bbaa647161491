package dev.convoy.data.ingest;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Names that a person takes for one: they differ only in their Unicode normal form, which some file
 * systems and archives change, in case, or in the blanks around them.
 *
 * @param names two or more, all different, with the same {@link #key}
 */
record LookAlikes(List<String> names) {
  private static final Folding NORMAL_FORM =
      new Folding("Unicode normal form", name -> Normalizer.normalize(name, Normalizer.Form.NFC));

  private static final List<Folding> FOLDINGS =
      List.of(
          NORMAL_FORM,
          new Folding("case", name -> name.toLowerCase(Locale.ROOT)),
          new Folding("surrounding blanks", String::strip));

  /** Something that names can differ in, and what takes that difference away. */
  private record Folding(String what, UnaryOperator<String> fold) {}

  LookAlikes {
    names = List.copyOf(names);
  }

  /** The groups of two or more, in the order of their first names. */
  static List<LookAlikes> among(List<String> names) {
    Map<String, List<String>> byKey = new LinkedHashMap<>();
    for (String name : names) {
      byKey.computeIfAbsent(key(name), key -> new ArrayList<>()).add(name);
    }
    return byKey.values().stream().filter(alike -> alike.size() > 1).map(LookAlikes::new).toList();
  }

  /** The same for names that look alike. */
  static String key(String name) {
    return folded(name, FOLDINGS);
  }

  /** The names in quotes; with other characters than ASCII's escaped where they look the same. */
  List<String> shown() {
    boolean escaped = differences().contains(NORMAL_FORM);
    return names.stream().map(name -> "'" + (escaped ? escaped(name) : name) + "'").toList();
  }

  /** What the names differ in, in words. */
  String difference() {
    return differences().stream().map(Folding::what).collect(Collectors.joining(" and "));
  }

  private List<Folding> differences() {
    List<Folding> found = FOLDINGS.stream().filter(this::differIn).toList();
    // Two foldings may take the same difference away, of which one is always this: the Kelvin sign
    // is K in normal form, and k in lower case.
    return found.isEmpty() ? List.of(NORMAL_FORM) : found;
  }

  /** Whether the names stay different when every other difference is taken away. */
  private boolean differIn(Folding folding) {
    List<Folding> others = FOLDINGS.stream().filter(other -> !other.equals(folding)).toList();
    return names.stream().map(name -> folded(name, others)).distinct().count() > 1;
  }

  private static String folded(String name, List<Folding> foldings) {
    String folded = name;
    for (Folding folding : foldings) {
      folded = folding.fold().apply(folded);
    }
    return folded;
  }

  private static String escaped(String name) {
    StringBuilder escaped = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c < ' ' || c > '~') {
        escaped.append("\\u%04x".formatted((int) c));
      } else {
        escaped.append(c);
      }
    }
    return escaped.toString();
  }
}
