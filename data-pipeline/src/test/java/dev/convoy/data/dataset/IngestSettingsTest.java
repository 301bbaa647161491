package dev.convoy.data.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class IngestSettingsTest {

  @Test
  void testIsDrawnFirstThenValidation() {
    IngestSettings settings = new IngestSettings("classes", 0.25, 0.125, 1);
    assertThat(settings.drawnUpTo(Split.TEST)).isEqualTo(0.125);
    assertThat(settings.drawnUpTo(Split.VALIDATION)).isEqualTo(0.375);
    assertThat(settings.drawnUpTo(Split.TRAIN)).isEqualTo(1);
    assertThat(settings.keptBack()).isEqualTo(0.375);
  }

  /** Whatever share goes to test: images of an official split are none that were drawn. */
  @Test
  void anOfficialSplitHasNoneOfTheDrawn() {
    IngestSettings settings = new IngestSettings("splits", 0, 0.25, 1);
    assertThat(settings.drawnUpTo(Split.VALIDATION)).isZero();
    assertThat(settings.keptBack()).isEqualTo(0.25);
  }
}
