package dev.convoy.data.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.data.dataset.Split;
import java.util.EnumMap;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

final class SplitRuleTest {
  private static final TreeLayout CLASSES = new TreeLayout(Map.of());

  @Property
  void fractionsAreFromZeroToBelowOne(@ForAll @StringLength(max = 40) String id) {
    assertThat(SplitRule.fraction(id)).isGreaterThanOrEqualTo(0).isLessThan(1);
  }

  @Property
  void aLargerShareOnlyTakesFromTrain(
      @ForAll @StringLength(max = 40) String id,
      @ForAll @DoubleRange(min = 0, max = 0.5) double test,
      @ForAll @DoubleRange(min = 0, max = 0.2) double validation,
      @ForAll @DoubleRange(min = 0, max = 0.2) double more) {
    Split before = new SplitRule(CLASSES, validation, test).of(id);
    Split after = new SplitRule(CLASSES, validation + more, test).of(id);
    if (before != Split.TRAIN) {
      assertThat(after).isEqualTo(before);
    } else {
      assertThat(after).isNotEqualTo(Split.TEST);
    }
  }

  @Test
  void sharesAreKeptOnAverage() {
    SplitRule rule = new SplitRule(CLASSES, 0.2, 0.1);
    Map<Split, Integer> counts = new EnumMap<>(Split.class);
    for (int i = 0; i < 20_000; i++) {
      counts.merge(rule.of("class/" + i + ".png"), 1, Integer::sum);
    }
    assertThat(counts.get(Split.VALIDATION)).isBetween(3800, 4200);
    assertThat(counts.get(Split.TEST)).isBetween(1850, 2150);
  }

  @Test
  void theDrawNeverChanges() {
    // SHA-256 of "split", a zero byte and the id; a change here would move examples of old
    // datasets.
    assertThat(SplitRule.fraction("cat/1.png")).isEqualTo(0.005433437880517533);
  }

  @Test
  void officialSplitsAreNotDrawnFrom() {
    TreeLayout layout = new TreeLayout(Map.of("train", Split.TRAIN, "test", Split.TEST));
    SplitRule rule = new SplitRule(layout, 0.5, 0.4);
    for (int i = 0; i < 200; i++) {
      assertThat(rule.of("test/a/" + i)).isEqualTo(Split.TEST);
      assertThat(rule.of("train/a/" + i)).isNotEqualTo(Split.TEST);
    }
    assertThat(rule.testShare()).isZero();
  }
}
