package dev.convoy.trainer.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class NearNamesTest {
  private static final List<String> NAMES = List.of("epochs", "batch", "weight_decay", "run");

  @Test
  void slipsOfTheHandAreRecognised() {
    assertThat(NearNames.nearest("epcohs", NAMES)).contains("epochs");
    assertThat(NearNames.nearest("Weight-Decay", NAMES)).contains("weight_decay");
    assertThat(NearNames.nearest("weightdecay", NAMES)).contains("weight_decay");
    assertThat(NearNames.nearest("runs", NAMES)).contains("run");
  }

  @Test
  void otherWordsAreNot() {
    assertThat(NearNames.nearest("optimizer", NAMES)).isEmpty();
    assertThat(NearNames.nearest("x", NAMES)).isEmpty();
  }

  @Test
  void distanceCountsEdits() {
    assertThat(NearNames.distance("kitten", "sitting")).isEqualTo(3);
    assertThat(NearNames.distance("abcd", "abdc")).isEqualTo(1);
    assertThat(NearNames.distance("", "abc")).isEqualTo(3);
  }
}
