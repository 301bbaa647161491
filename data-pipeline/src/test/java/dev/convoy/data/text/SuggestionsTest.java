package dev.convoy.data.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SuggestionsTest {
  private static final List<String> NAMES = List.of("flip", "shift", "random_crop", "center_crop");

  @Test
  void distanceCountsEachSlipOnce() {
    assertThat(Suggestions.distance("shift", "shift")).isZero();
    assertThat(Suggestions.distance("shift", "shfit")).isEqualTo(1);
    assertThat(Suggestions.distance("shift", "shif")).isEqualTo(1);
    assertThat(Suggestions.distance("shift", "shaft")).isEqualTo(1);
    assertThat(Suggestions.distance("kitten", "sitting")).isEqualTo(3);
    assertThat(Suggestions.distance("", "abc")).isEqualTo(3);
  }

  @Test
  void findsWhatWasMeant() {
    assertThat(Suggestions.nearest("filp", NAMES)).contains("flip");
    assertThat(Suggestions.nearest("Random-Crop", NAMES)).contains("random_crop");
    assertThat(Suggestions.nearest("centre_crop", NAMES)).contains("center_crop");
  }

  @Test
  void isSilentWhereNothingIsNear() {
    assertThat(Suggestions.nearest("rotate", NAMES)).isEmpty();
    assertThat(Suggestions.nearest("ab", List.of("xy"))).isEmpty();
    assertThat(Suggestions.didYouMean("rotate", NAMES)).isEmpty();
  }

  @Test
  void equallyNearNamesAreTakenInOrder() {
    assertThat(Suggestions.nearest("bat", List.of("hat", "cat"))).contains("cat");
    assertThat(Suggestions.didYouMean("filp", NAMES)).isEqualTo(", did you mean \"flip\"?");
  }
}
