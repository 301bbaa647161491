package dev.convoy.data.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.BadDataException;
import dev.convoy.data.dataset.Split;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class ClassTableTest {
  /** With LATIN SMALL LETTER E WITH ACUTE, and with e and COMBINING ACUTE ACCENT. */
  private static final String COMPOSED = "caf\u00e9";

  private static final String DECOMPOSED = "cafe\u0301";

  private static List<String> warnings(Stream<String> classes) {
    TreeLayout layout = new TreeLayout(Map.of());
    SplitRule rule = new SplitRule(layout, 0, 0);
    List<String> ids = classes.map(name -> name + "/1.png").toList();
    return ClassTable.of(ids, layout, rule).warnings(rule);
  }

  @Test
  void classesThatDifferInTheirNormalFormAreWarnedOf() {
    assertThat(warnings(Stream.of(COMPOSED, "tea", DECOMPOSED)))
        .containsExactly(
            "The classes 'cafe\\u0301', 'caf\\u00e9' look alike, but are different:"
                + " their names differ in Unicode normal form");
  }

  @Test
  void classesThatDifferInCaseOrBlanksAreWarnedOf() {
    assertThat(warnings(Stream.of("\u00c9t\u00e9", "\u00e9t\u00e9", "cat ", "cat", "tea")))
        .containsExactly(
            "The classes 'cat', 'cat ' look alike, but are different:"
                + " their names differ in surrounding blanks",
            "The classes '\u00c9t\u00e9', '\u00e9t\u00e9' look alike, but are different:"
                + " their names differ in case");
    assertThat(warnings(Stream.of("Caf\u00e9", DECOMPOSED)))
        .containsExactly(
            "The classes 'Caf\\u00e9', 'cafe\\u0301' look alike, but are different:"
                + " their names differ in Unicode normal form and case");
    assertThat(warnings(Stream.of("K", "\u212a")))
        .as("the Kelvin sign is K in normal form and k in lower case")
        .containsExactly(
            "The classes 'K', '\\u212a' look alike, but are different:"
                + " their names differ in Unicode normal form");
  }

  @Test
  void classesThatNobodyConfusesAreNotWarnedOf() {
    assertThat(warnings(Stream.of("cat", "cats", "caf\u00e9", "cafe", "c at"))).isEmpty();
  }

  @Test
  void ofManyLookAlikesSomeAreNamed() {
    Stream<String> classes =
        IntStream.range(0, 7).boxed().flatMap(i -> Stream.of("a" + i, "A" + i));
    assertThat(warnings(classes))
        .hasSize(6)
        .startsWith(
            "The classes 'A0', 'a0' look alike, but are different: their names differ in case")
        .endsWith("Classes look alike, but are different, in 2 more groups");
  }

  @Test
  void aClassThatTrainLacksIsShownBesideItsLookAlike() {
    TreeLayout layout = new TreeLayout(Map.of("train", Split.TRAIN, "test", Split.TEST));
    List<String> ids =
        List.of(
            "train/" + COMPOSED + "/1.png",
            "train/tea/1.png",
            "test/" + DECOMPOSED + "/1.png",
            "test/zebra/1.png");
    ClassTable table = ClassTable.of(ids, layout, new SplitRule(layout, 0, 0));
    assertThatThrownBy(() -> table.check("in", layout))
        .isInstanceOf(BadDataException.class)
        .hasMessageEndingWith(
            "its split test has classes that train lacks: 'cafe\\u0301' (train has 'caf\\u00e9',"
                + " which differs in Unicode normal form), zebra");
  }
}
