package dev.convoy.data.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.InvalidRequestException;
import dev.convoy.data.image.GoldenImages;
import dev.convoy.data.image.PixelImage;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.serializer.JavaSerializer;
import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.serializer.SerializerInstance;
import org.junit.jupiter.api.Test;
import scala.reflect.ClassTag$;

class AugmentationPipelineTest {
  private static final List<Map<String, Object>> STEPS =
      List.of(
          Map.of("resize", Map.of("height", 40, "width", 36)),
          Map.of("random_crop", Map.of("height", 32, "width", 32, "padding", 4)),
          Map.of("shift", Map.of("pixels", 2)),
          Map.of("flip", Map.of("probability", 0.5)));

  private static final Normalization IMAGENET =
      Normalization.of(List.of(0.485, 0.456, 0.406), List.of(0.229, 0.224, 0.225));

  @Test
  void goldenPixels() {
    AugmentationPipeline pipeline = AugmentationPipeline.parse(STEPS, Normalization.none());
    PixelImage first = pipeline.pixels(ramp(48, 64, 3), 1, 0, "cats/001.png");
    assertThat(first.data()).hasSize(32 * 32 * 3);
    assertThat(GoldenImages.sha256(first.data()))
        .isEqualTo("beb68264e60994865d7bf680afc7c6506e1887d20d0caa081646af303937e8d5");
    assertThat(pipeline.pixels(ramp(48, 64, 3), 1, 0, "cats/001.png")).isEqualTo(first);
    assertThat(pipeline.pixels(ramp(48, 64, 3), 1, 1, "cats/001.png")).isNotEqualTo(first);
    assertThat(pipeline.pixels(ramp(48, 64, 3), 2, 0, "cats/001.png")).isNotEqualTo(first);
  }

  @Test
  void theSameStepDrawsDifferentlyAtAnotherPosition() {
    AugmentationPipeline twice =
        new AugmentationPipeline(
            List.of(new HorizontalFlip(0.5), new HorizontalFlip(0.5)), Normalization.none());
    PixelImage image = ramp(1, 5, 1);
    int changed = 0;
    for (int i = 0; i < 400; i++) {
      changed += twice.pixels(image, 1, 0, "e" + i).equals(image) ? 0 : 1;
    }
    assertThat(changed).as("two equal draws would undo each other").isBetween(150, 250);
  }

  @Test
  void featuresAreNormalisedChannelByChannel() {
    PixelImage image = new PixelImage(1, 2, 3, new byte[] {0, 51, 102, (byte) 153, (byte) 204, -1});
    float[] features = new float[8];
    new AugmentationPipeline(List.of(), IMAGENET).write(image, features, 1);
    assertThat(features)
        .containsExactly(
            0f,
            (0 / 255f - 0.485f) / 0.229f,
            (153 / 255f - 0.485f) / 0.229f,
            (51 / 255f - 0.456f) / 0.224f,
            (204 / 255f - 0.456f) / 0.224f,
            (102 / 255f - 0.406f) / 0.225f,
            (255 / 255f - 0.406f) / 0.225f,
            0f);
  }

  @Test
  void oneMeanServesAllChannelsButThreeDoNotServeOne() {
    float[] features = new float[3];
    AugmentationPipeline one =
        new AugmentationPipeline(List.of(), Normalization.of(List.of(0.5), List.of(0.25)));
    one.write(new PixelImage(1, 1, 3, new byte[] {0, 51, -1}), features, 0);
    assertThat(features).containsExactly(-2f, (0.2f - 0.5f) / 0.25f, 2f);
    AugmentationPipeline three = new AugmentationPipeline(List.of(), IMAGENET);
    assertThatThrownBy(() -> three.write(ramp(1, 3, 1), features, 0))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("3 values, but the images have 1 channel");
  }

  @Test
  void normalizationNamesEverythingWrong() {
    assertThatThrownBy(() -> Normalization.of(List.of(0.1, Double.NaN), List.of(0)))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("not 2 and 1")
        .hasMessageContaining("mean is finite")
        .hasMessageContaining("std is finite and above 0");
  }

  @Test
  void survivesBothSerialisations() {
    AugmentationPipeline pipeline = AugmentationPipeline.parse(STEPS, IMAGENET);
    SparkConf conf = new SparkConf();
    for (SerializerInstance serializer :
        List.of(new JavaSerializer(conf).newInstance(), new KryoSerializer(conf).newInstance())) {
      AugmentationPipeline copy = copy(serializer, pipeline, AugmentationPipeline.class);
      PixelImage pixels = pipeline.pixels(ramp(48, 64, 3), 1, 0, "a");
      assertThat(copy.pixels(copy(serializer, ramp(48, 64, 3), PixelImage.class), 1, 0, "a"))
          .isEqualTo(pixels);
      float[] expected = new float[pixels.data().length];
      float[] actual = new float[pixels.data().length];
      pipeline.write(pixels, expected, 0);
      copy.write(pixels, actual, 0);
      assertThat(actual).isEqualTo(expected);
      assertThat(copy(serializer, IMAGENET, Normalization.class)).isEqualTo(IMAGENET);
      for (Augmentation augmentation : pipeline.augmentations()) {
        assertThat(copy(serializer, augmentation, Augmentation.class)).isEqualTo(augmentation);
      }
    }
  }

  @Test
  void knowsItsOutputSizeWhereItCan() {
    AugmentationPipeline fixed = AugmentationPipeline.parse(STEPS, Normalization.none());
    assertThat(fixed.outputSize()).contains(new ImageSize(32, 32));
    AugmentationPipeline open =
        new AugmentationPipeline(
            List.of(new HorizontalFlip(0.5), new ResizeShorter(10)), Normalization.none());
    assertThat(open.outputSize()).isEmpty();
    assertThat(open.outputSize(new ImageSize(20, 30))).isEqualTo(new ImageSize(10, 15));
    AugmentationPipeline derived =
        new AugmentationPipeline(
            List.of(new Resize(20, 30), new ResizeShorter(10)), Normalization.none());
    assertThat(derived.outputSize()).contains(new ImageSize(10, 15));
  }

  @Test
  void saysWhichStepIsMissing() {
    AugmentationPipeline none = new AugmentationPipeline(List.of(), Normalization.none());
    assertThatCode(() -> none.requireOutput(ramp(4, 5, 1), 1, 4, 5)).doesNotThrowAnyException();
    assertThatThrownBy(() -> none.requireOutput(ramp(4, 5, 1), 1, 8, 8))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("as 4 x 5 pixels, but the model takes 8 x 8")
        .hasMessageContaining("add the step resize: {height: 8, width: 8}");
    AugmentationPipeline shorter =
        new AugmentationPipeline(List.of(new ResizeShorter(9)), Normalization.none());
    assertThatThrownBy(() -> shorter.requireOutput(ramp(9, 12, 1), 1, 8, 8))
        .hasMessageContaining("add the step center_crop: {height: 8, width: 8}");
    assertThatThrownBy(() -> none.requireOutput(ramp(4, 5, 1), 3, 4, 5))
        .hasMessageContaining("takes 3 channel(s), but the images were decoded to 1");
  }

  private static <T> T copy(SerializerInstance serializer, T value, Class<T> type) {
    return serializer.deserialize(
        serializer.serialize(value, ClassTag$.MODULE$.apply(type)), ClassTag$.MODULE$.apply(type));
  }

  private static PixelImage ramp(int height, int width, int channels) {
    byte[] data = new byte[height * width * channels];
    for (int i = 0; i < data.length; i++) {
      data[i] = (byte) (i * 7 + i / 50);
    }
    return new PixelImage(height, width, channels, data);
  }
}
