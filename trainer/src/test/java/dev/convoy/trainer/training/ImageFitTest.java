package dev.convoy.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.InvalidRequestException;
import dev.convoy.data.augment.AugmentationPipeline;
import dev.convoy.data.augment.Normalization;
import dev.convoy.data.dataset.ImageStatistics;
import dev.convoy.models.InputShape;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Chains that would fail on some image of a dataset are refused before the first batch. */
final class ImageFitTest {

  private static final Map<String, Object> SHORTER = Map.of("resize", Map.of("shorter", 256));
  private static final Map<String, Object> MIDDLE =
      Map.of("center_crop", Map.of("height", 256, "width", 256));

  /** Photographs, some upright: the smallest height is as the smallest width. */
  private static final ImageStatistics BOTH_WAYS =
      new ImageStatistics(375, 500, 375, 500, 0, 9, 9_000);

  private static final ImageStatistics SQUARE_AND_EQUAL =
      new ImageStatistics(300, 300, 300, 300, 0, 9, 9_000);

  @Test
  void scaledPhotographsWithoutACropAreRefusedThoughSmallestAndLargestAreSquare() {
    assertThatThrownBy(() -> fit(BOTH_WAYS).require(chain(List.of(SHORTER))))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("an image of 375 x 500 pixels comes out as 256 x 341")
        .hasMessageContaining("the model takes 256 x 256")
        .hasMessageContaining("add the step center_crop: {height: 256, width: 256}");
  }

  @Test
  void cropMakesThemFit() {
    AugmentationPipeline cropped = chain(List.of(SHORTER, MIDDLE));
    assertThat(fit(BOTH_WAYS).require(cropped)).isSameAs(cropped);
  }

  @Test
  void squaresOfOneSizeNeedNoCrop() {
    AugmentationPipeline scaled = chain(List.of(SHORTER));
    assertThat(fit(SQUARE_AND_EQUAL).require(scaled)).isSameAs(scaled);
  }

  private static ImageFit fit(ImageStatistics images) {
    return new ImageFit(new InputShape(3, 256, 256), images);
  }

  private static AugmentationPipeline chain(List<Map<String, Object>> steps) {
    return AugmentationPipeline.parse(
        steps, Normalization.of(List.of(0.5, 0.5, 0.5), List.of(0.5, 0.5, 0.5)));
  }
}
