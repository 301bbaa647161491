package dev.convoy.data.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.InvalidRequestException;
import dev.convoy.data.image.GoldenImages;
import dev.convoy.data.image.ImageDecoder;
import dev.convoy.data.image.PixelImage;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AugmentationTest {
  private static final PixelImage TWO_BY_THREE = image(2, 3, 1, 1, 2, 3, 4, 5, 6);

  static Stream<GoldenImages.Golden> resized() {
    return GoldenImages.all().stream().filter(golden -> golden.operation().startsWith("resize"));
  }

  @ParameterizedTest
  @MethodSource("resized")
  void resizesToThePixelsOfPillow(GoldenImages.Golden golden) throws Exception {
    PixelImage image = ImageDecoder.decode(GoldenImages.bytes(golden.file()), golden.channels());
    PixelImage resized = new Resize(golden.height(), golden.width()).apply(image, random(0));
    assertThat(GoldenImages.sha256(resized.data())).isEqualTo(golden.sha256());
  }

  @Test
  void theShorterSideGetsItsLengthAndTheOtherIsRoundedDown() {
    ResizeShorter resize = new ResizeShorter(256);
    assertThat(resize.outputSize(new ImageSize(375, 500))).isEqualTo(new ImageSize(256, 341));
    assertThat(resize.outputSize(new ImageSize(500, 333))).isEqualTo(new ImageSize(384, 256));
    PixelImage result = new ResizeShorter(4).apply(TWO_BY_THREE, random(0));
    assertThat(result.height()).isEqualTo(4);
    assertThat(result.width()).isEqualTo(6);
  }

  @Test
  void aResizeThatWouldFillTheMemoryIsRefused() {
    PixelImage thin = new PixelImage(1, 60_000, 1, new byte[60_000]);
    assertThatThrownBy(() -> new ResizeShorter(256).apply(thin, random(0)))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("resizing an image of 1 x 60000 pixels");
  }

  @Test
  void aFlipMirrorsWholePixels() {
    assertThat(new HorizontalFlip(1).apply(TWO_BY_THREE, random(0)))
        .isEqualTo(image(2, 3, 1, 3, 2, 1, 6, 5, 4));
    assertThat(new HorizontalFlip(1).apply(image(1, 2, 3, 1, 2, 3, 4, 5, 6), random(0)))
        .isEqualTo(image(1, 2, 3, 4, 5, 6, 1, 2, 3));
    assertThat(new HorizontalFlip(0).apply(TWO_BY_THREE, random(0))).isSameAs(TWO_BY_THREE);
  }

  @Test
  void aFlipHappensAsOftenAsItShould() {
    int flipped = 0;
    for (int i = 0; i < 4000; i++) {
      boolean same = new HorizontalFlip(0.25).apply(TWO_BY_THREE, random(i)).equals(TWO_BY_THREE);
      flipped += same ? 0 : 1;
    }
    assertThat(flipped).isBetween(890, 1110);
  }

  @Test
  void aShiftReachesEveryPlaceAndFillsWithBlack() {
    Set<PixelImage> seen = new HashSet<>();
    for (int i = 0; i < 500; i++) {
      seen.add(new Shift(1).apply(TWO_BY_THREE, random(i)));
    }
    assertThat(seen)
        .hasSize(9)
        .contains(
            TWO_BY_THREE,
            image(2, 3, 1, 0, 0, 0, 0, 1, 2),
            image(2, 3, 1, 5, 6, 0, 0, 0, 0),
            image(2, 3, 1, 2, 3, 0, 5, 6, 0));
  }

  @Test
  void aShiftDrawsItsColumnsFirst() {
    AugmentRandom random = random(12);
    int dx = random.nextInt(9) - 4;
    int dy = random.nextInt(9) - 4;
    byte[] dot = new byte[81];
    dot[40] = 9;
    byte[] moved = new byte[81];
    moved[40 + 9 * dy + dx] = 9;
    assertThat(new Shift(4).apply(new PixelImage(9, 9, 1, dot), random(12)).data())
        .isEqualTo(moved);
  }

  @Test
  void aShiftFartherThanTheImageLeavesNothing() {
    boolean black = false;
    for (int i = 0; i < 50; i++) {
      PixelImage shifted = new Shift(100).apply(TWO_BY_THREE, random(i));
      black |= shifted.equals(image(2, 3, 1, 0, 0, 0, 0, 0, 0));
    }
    assertThat(black).isTrue();
  }

  @Test
  void aRandomCropReachesEveryPlace() {
    Set<PixelImage> seen = new HashSet<>();
    for (int i = 0; i < 300; i++) {
      seen.add(new RandomCrop(1, 2, 0).apply(TWO_BY_THREE, random(i)));
    }
    assertThat(seen)
        .containsExactlyInAnyOrder(
            image(1, 2, 1, 1, 2), image(1, 2, 1, 2, 3), image(1, 2, 1, 4, 5), image(1, 2, 1, 5, 6));
  }

  @Test
  void thePaddingOfARandomCropIsBlack() {
    Set<PixelImage> seen = new HashSet<>();
    for (int i = 0; i < 500; i++) {
      seen.add(new RandomCrop(2, 3, 1).apply(TWO_BY_THREE, random(i)));
    }
    assertThat(seen)
        .hasSize(9)
        .contains(TWO_BY_THREE, image(2, 3, 1, 0, 0, 0, 0, 1, 2), image(2, 3, 1, 5, 6, 0, 0, 0, 0));
  }

  @Test
  void aCenterCropTakesTheEvenOffsetOfTwo() {
    PixelImage row = image(1, 8, 1, 0, 1, 2, 3, 4, 5, 6, 7);
    assertThat(new CenterCrop(1, 4).apply(row, random(0))).isEqualTo(image(1, 4, 1, 2, 3, 4, 5));
    // (8 - 3) / 2 = 2.5 and (8 - 1) / 2 = 3.5: 2 and 4
    assertThat(new CenterCrop(1, 3).apply(row, random(0))).isEqualTo(image(1, 3, 1, 2, 3, 4));
    assertThat(new CenterCrop(1, 1).apply(row, random(0))).isEqualTo(image(1, 1, 1, 4));
  }

  @Test
  void cropsOfImagesThatAreTooSmallAreRefused() {
    assertThatThrownBy(() -> new CenterCrop(3, 3).apply(TWO_BY_THREE, random(0)))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("larger than an image of 2 x 3 pixels: put a resize before it");
    assertThatThrownBy(() -> new RandomCrop(9, 3, 1).apply(TWO_BY_THREE, random(0)))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("with padding 1 is larger than an image of 2 x 3");
  }

  private static AugmentRandom random(int example) {
    return AugmentRandom.of(1, 0, "example-" + example, 0);
  }

  private static PixelImage image(int height, int width, int channels, int... values) {
    byte[] data = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      data[i] = (byte) values[i];
    }
    return new PixelImage(height, width, channels, data);
  }
}
