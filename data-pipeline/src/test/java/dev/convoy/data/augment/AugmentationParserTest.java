package dev.convoy.data.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.InvalidRequestException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AugmentationParserTest {
  @Test
  void everyStepIsUnderstood() {
    List<Map<String, Object>> steps =
        List.of(
            Map.of("resize", Map.of("height", 40L, "width", 36)),
            Map.of("resize", Map.of("shorter", 256)),
            Map.of("center_crop", Map.of("height", 224, "width", 200)),
            Map.of("random_crop", Map.of("height", 32, "width", 30, "padding", 4)),
            Map.of("random_crop", Map.of("height", 32, "width", 30)),
            Map.of("shift", Map.of("pixels", 4)),
            Map.of("flip", Map.of("probability", 1)),
            Map.of("flip", Map.of()),
            Map.of("resize", Map.of("shorter", List.of(256, 480))),
            Map.of("random_resized_crop", Map.of("height", 224, "width", 200)),
            Map.of(
                "random_resized_crop",
                Map.of("height", 8, "width", 9, "area", List.of(0.5, 1), "ratio", List.of(1, 2.5))),
            Map.of("color_jitter", Map.of("brightness", 0.4, "saturation", 1)),
            Map.of("lighting", Map.of("deviation", 0.1)));
    assertThat(AugmentationPipeline.parse(steps, Normalization.none()).augmentations())
        .containsExactly(
            new Resize(40, 36),
            new ResizeShorter(256),
            new CenterCrop(224, 200),
            new RandomCrop(32, 30, 4),
            new RandomCrop(32, 30, 0),
            new Shift(4),
            new HorizontalFlip(1),
            new HorizontalFlip(0.5),
            new ResizeShorter(256, 480),
            new RandomResizedCrop(224, 200, new Range(0.08, 1), new Range(0.75, 4.0 / 3)),
            new RandomResizedCrop(8, 9, new Range(0.5, 1), new Range(1, 2.5)),
            new ColorJitter(0.4, 0, 1),
            new Lighting(0.1));
  }

  @Test
  void everythingWrongIsNamedAtOnce() {
    List<Object> steps =
        Arrays.asList(
            Map.of("filp", Map.of()),
            Map.of("resize", Map.of("heigth", 3, "width", 0)),
            Map.of("resize", Map.of("height", 3, "width", 4, "shorter", 5)),
            Map.of("flip", Map.of("probability", "often")),
            Map.of("shift", 4),
            "flip",
            Map.of("rotate", Map.of("degrees", 3)),
            null,
            Map.of("shift", Map.of("pixels", 1.5)),
            Map.of("resize", Map.of("shorter", List.of(480, 256))),
            Map.of(
                "random_resized_crop",
                Map.of("height", 8, "width", 9, "area", List.of(0, 1), "ratio", 2)),
            Map.of("color_jitter", Map.of("contrast", -1)),
            Map.of("lighting", Map.of()));
    assertThat(AugmentationPipeline.problems("augment.train", steps))
        .containsExactly(
            "augment.train[0]: there is no augmentation \"filp\", did you mean \"flip\"?",
            "augment.train[1].resize: there is no setting \"heigth\", did you mean \"height\"?",
            "augment.train[1].resize: height is missing",
            "augment.train[1].resize.width is a whole number from 1 to 65536, not 0",
            "augment.train[2].resize: give either height and width, or shorter",
            "augment.train[3].flip.probability is a number from 0 to 1, not often",
            "augment.train[4].shift: its settings are a map, such as `{height: 32, width: 32}`,"
                + " not 4",
            "augment.train[5]: a step is one name with its settings, such as"
                + " `flip: {probability: 0.5}`, not flip",
            "augment.train[6]: there is no augmentation \"rotate\"; there are center_crop,"
                + " color_jitter, flip, lighting, random_crop, random_resized_crop, resize, shift",
            "augment.train[7]: a step is one name with its settings, such as"
                + " `flip: {probability: 0.5}`, not null",
            "augment.train[8].shift.pixels is a whole number from 0 to 65536, not 1.5",
            "augment.train[9].resize.shorter is a whole number from 1 to 65536 or two of them,"
                + " [least, most], not [480, 256]",
            "augment.train[10].random_resized_crop.area is two numbers, [least, most], above 0 and"
                + " at most 1, not [0, 1]",
            "augment.train[10].random_resized_crop.ratio is two numbers, [least, most], above 0 and"
                + " at most 1000, not 2",
            "augment.train[11].color_jitter.contrast is a number of 0 or more, not -1",
            "augment.train[12].lighting: deviation is missing");
    assertThatThrownBy(() -> AugmentationPipeline.parse(steps, Normalization.none()))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("augment[0]")
        .hasMessageContaining("augment[8]");
  }
}
