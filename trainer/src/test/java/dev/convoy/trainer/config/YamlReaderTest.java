package dev.convoy.trainer.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class YamlReaderTest {

  @Test
  void keysGivenTwiceAreAllRefused() {
    assertThat(
            ConfigurationsTest.problems(
                ConfigurationsTest.SMALLEST + "seed: 1\nsync: {steps: 1, steps: 2}\nseed: 1\n"))
        .containsExactly(
            "sync.steps: is given twice (given line 9 and line 9); give each key once",
            "seed: is given twice (given line 8 and line 10); give each key once");
  }

  @Test
  void objectsAndAliasesAreRefused() {
    assertThat(
            ConfigurationsTest.problems(
                ConfigurationsTest.SMALLEST
                    + "seed: !!javax.script.ScriptEngineManager [1]\n"
                    + "loss: &a {label_smoothing: 0}\nmemory: *a\n"))
        .anySatisfy(line -> assertThat(line).startsWith("seed: has the tag").contains("line 8"))
        .anySatisfy(line -> assertThat(line).startsWith("loss: has an anchor (given line 9)"))
        .anySatisfy(line -> assertThat(line).startsWith("memory: is an alias (given line 10)"));
  }

  @Test
  void whatHasNoEndIsRefusedSoon() {
    assertThat(ConfigurationsTest.problems("a: " + "[".repeat(100_000)))
        .singleElement()
        .asString()
        .contains("nested deeper than 32 levels");
    assertThat(ConfigurationsTest.problems("#".repeat(YamlReader.MAXIMUM_CHARACTERS + 1)))
        .singleElement()
        .asString()
        .contains("is too long");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a: [1", "a: b: c", "\t- x", "a: \"x", "%", "a: \u0001", "@x", "? [a]\n: b"})
  void brokenYamlIsNamed(String yaml) {
    assertThat(ConfigurationsTest.problems(yaml))
        .first()
        .asString()
        .startsWith("configuration: ")
        .contains("; ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "# nothing\n", "null", "---\n"})
  void nothingLacksEveryRequiredKey(String yaml) {
    assertThat(ConfigurationsTest.problems(yaml))
        .hasSize(7)
        .allMatch(x -> x.contains("is missing"));
  }

  @Test
  void otherDocumentsAreRefused() {
    assertThat(ConfigurationsTest.problems("[1, 2]")).first().asString().contains("is no mapping");
    assertThat(ConfigurationsTest.problems(ConfigurationsTest.SMALLEST + "---\nseed: 1\n"))
        .singleElement()
        .asString()
        .contains("holds several documents");
  }

  @ParameterizedTest
  @ValueSource(strings = {"seed:", "sync:", "seed: ~", "augment: {train: null}", "loss: null"})
  void anEmptyValueIsRefused(String line) {
    assertThat(ConfigurationsTest.problems(ConfigurationsTest.SMALLEST + line))
        .singleElement()
        .asString()
        .contains("given nothing, line 8");
  }

  @ParameterizedTest
  @CsvSource({
    "1e-4, Double",
    "1.0e-4, Double",
    ".5, Double",
    "5., Double",
    "-3, Integer",
    "1_000, Integer",
    "3000000000, Long",
    "true, Boolean",
    "no, String",
    "on, String",
    "1:30, String",
    "010, String",
    "0x10, String",
    ".nan, String",
    ".inf, String",
    "1e999, String",
    "1_, String",
    "_1, String",
    "99999999999999999999, Double",
    "+7, Integer",
    "0, Integer"
  })
  void unquotedTextIsResolvedAsStated(String text, String type) {
    assertThat(PlainScalars.resolve(text).getClass().getSimpleName()).isEqualTo(type);
  }

  @Test
  void theHostsLanguageChangesNothing() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(new Locale("tr", "TR"));
      ConvoyConfig config =
          ConfigurationsTest.load("shuffle: {kind: window}\nevaluation: {split: train}");
      assertThat(config.toYaml()).contains("kind: window").contains("split: train");
      assertThat(PlainScalars.real("0.5")).isEqualTo(Optional.of(0.5));
    } finally {
      Locale.setDefault(before);
    }
  }
}
