package dev.convoy.trainer.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Whatever a person gives is read or refused in words; no other exception comes out. */
final class AnyTextTest {

  @Property(tries = 1000)
  void anyTextIsReadOrRefused(@ForAll("yamlLike") String text) {
    readOrRefused(text, List.of());
  }

  @Property(tries = 1000)
  void anyChangeOfAGoodTextIsReadOrRefused(
      @ForAll @IntRange(max = 230) int at,
      @ForAll @IntRange(max = 5) int cut,
      @ForAll("yamlLike") String put) {
    String good = ConfigurationsTest.SMALLEST;
    int from = Math.min(at, good.length());
    int to = Math.min(from + cut, good.length());
    readOrRefused(good.substring(0, from) + put + good.substring(to), List.of());
  }

  @Property(tries = 1000)
  void anyOverrideIsReadOrRefused(@ForAll("paths") String path, @ForAll("yamlLike") String value) {
    readOrRefused(
        ConfigurationsTest.SMALLEST + "augment: {train: [{flip: {probability: 0.5}}]}\n",
        List.of(path + "=" + value, path + ".0=" + value, value));
  }

  private static void readOrRefused(String yaml, List<String> overrides) {
    try {
      ConvoyConfig config = Configurations.load(yaml, overrides);
      assertThat(Configurations.load(config.toYaml())).isEqualTo(config);
    } catch (ConfigurationException e) {
      assertThat(e.problems()).isNotEmpty().allMatch(line -> line.contains("; "));
      assertThat(e.problems()).allMatch(line -> line.lines().count() == 1);
    }
  }

  @Provide
  Arbitrary<String> yamlLike() {
    return Arbitraries.oneOf(
        Arbitraries.strings().ofMaxLength(12),
        Arbitraries.of(
                "a",
                "seed",
                "sync",
                "schedule",
                "kind",
                "step",
                ":",
                ": ",
                "\n",
                "  ",
                "- ",
                "[",
                "]",
                "{",
                "}",
                ",",
                "&a",
                "*a",
                "!!int",
                "#",
                "\"",
                "'",
                "|",
                ">",
                "?",
                "<<",
                "1",
                "-1",
                "1e9",
                "null",
                "~",
                "---",
                "...",
                "%",
                "@",
                "\\",
                "\t",
                "\r",
                "\u0085")
            .list()
            .ofMaxSize(10)
            .map(parts -> String.join("", parts)));
  }

  @Provide
  Arbitrary<String> paths() {
    return Arbitraries.of(
            "augment",
            "train",
            "0",
            "1",
            "7",
            "flip",
            "probability",
            "schedule",
            "kind",
            "model",
            "arguments",
            "seed",
            "",
            "memory",
            "shard_cache",
            "prefetch",
            "idle_minutes",
            "normalize",
            "mean",
            "99999999999")
        .list()
        .ofMinSize(1)
        .ofMaxSize(4)
        .map(steps -> String.join(".", steps));
  }
}
