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

  @Test
  void theShorterSideReachesEveryLengthOfItsRange() {
    Set<Integer> seen = new HashSet<>();
    for (int i = 0; i < 200; i++) {
      PixelImage result = new ResizeShorter(4, 7).apply(TWO_BY_THREE, random(i));
      assertThat(result.width()).isEqualTo(result.height() * 3 / 2);
      seen.add(result.height());
    }
    assertThat(seen).containsExactlyInAnyOrder(4, 5, 6, 7);
    assertThat(new ResizeShorter(4, 7).outputSize(new ImageSize(2, 3)))
        .isEqualTo(new ImageSize(4, 6));
  }

  static Stream<GoldenImages.Golden> enhanced() {
    return GoldenImages.colours().stream().filter(golden -> !golden.operation().startsWith("crop"));
  }

  @ParameterizedTest
  @MethodSource("enhanced")
  void coloursAreThoseOfPillow(GoldenImages.Golden golden) throws Exception {
    PixelImage image = ImageDecoder.decode(GoldenImages.bytes(golden.file()), golden.channels());
    String[] operation = golden.operation().split(" ", -1);
    float factor = Float.parseFloat(operation[1]);
    PixelImage result =
        switch (operation[0]) {
          case "brightness" -> ColorJitter.brightened(image, factor);
          case "contrast" -> ColorJitter.contrasted(image, factor);
          default -> ColorJitter.saturated(image, factor);
        };
    assertThat(GoldenImages.sha256(result.data())).isEqualTo(golden.sha256());
  }

  static Stream<GoldenImages.Golden> cropped() {
    return GoldenImages.colours().stream().filter(golden -> golden.operation().startsWith("crop"));
  }

  @ParameterizedTest
  @MethodSource("cropped")
  void partsAreScaledToThePixelsOfPillow(GoldenImages.Golden golden) throws Exception {
    PixelImage image = ImageDecoder.decode(GoldenImages.bytes(golden.file()), golden.channels());
    int[] part =
        Stream.of(golden.operation().split("[^0-9]+", -1))
            .filter(number -> !number.isEmpty())
            .mapToInt(Integer::parseInt)
            .toArray();
    // A crop that can only be this one: its area and its ratio are the part's own.
    double area = (double) part[2] * part[3] / (image.height() * image.width());
    double ratio = (double) part[3] / part[2];
    RandomResizedCrop crop =
        new RandomResizedCrop(16, 24, new Range(area, area), new Range(ratio, ratio));
    boolean found = false;
    for (int i = 0; i < 20_000 && !found; i++) {
      String digest = GoldenImages.sha256(crop.apply(image, random(i)).data());
      found = digest.equals(golden.sha256());
    }
    assertThat(found).isTrue();
  }

  @Test
  void aResizedCropKeepsToItsAreasAndRatiosAndReachesTheCorners() {
    int side = 60;
    byte[] places = new byte[side * side * 3];
    for (int p = 0; p < side * side; p++) {
      places[3 * p] = (byte) (p / side);
      places[3 * p + 1] = (byte) (p % side);
    }
    PixelImage image = new PixelImage(side, side, 3, places);
    // Levels of the corners of what is cut out; scaling averages them with their neighbours.
    int corners = 0;
    int small = 0;
    for (int i = 0; i < 3000; i++) {
      byte[] out =
          new RandomResizedCrop(60, 60, RandomResizedCrop.USUAL_AREA, RandomResizedCrop.USUAL_RATIO)
              .apply(image, random(i))
              .data();
      int last = out.length - 3;
      double rows = out[last] - out[0] + 1;
      double columns = out[last + 1] - out[1] + 1;
      assertThat(rows * columns / (side * side)).isBetween(0.06, 1.0);
      assertThat(columns / rows).isBetween(0.65, 1.55);
      corners += out[0] == 0 && out[1] == 0 ? 1 : 0;
      small += rows * columns < 0.54 * side * side ? 1 : 0;
    }
    assertThat(corners).isPositive();
    // The area is uniform from 0.08 to 1, of which large parts fit less often: over half are below
    // 0.54.
    assertThat(small).isBetween(1500, 2200);
  }

  @Test
  void aResizedCropOfAnImageWithNoSuchPartTakesTheMiddle() {
    // Twenty times wider than high: every part with its whole area is too high for the image.
    byte[] row = new byte[20];
    for (int x = 0; x < row.length; x++) {
      row[x] = (byte) x;
    }
    PixelImage image = new PixelImage(1, 20, 1, row);
    RandomResizedCrop crop = new RandomResizedCrop(1, 2, new Range(1, 1), new Range(1.5, 2));
    assertThat(crop.apply(image, random(0))).isEqualTo(image(1, 2, 1, 9, 10));
    PixelImage high = new PixelImage(20, 1, 1, row);
    assertThat(
            new RandomResizedCrop(2, 1, new Range(1, 1), new Range(0.5, 0.6))
                .apply(high, random(0)))
        .isEqualTo(image(2, 1, 1, 9, 10));
  }

  @Test
  void jitterUsesEveryOrderAndIsNothingWithoutStrength() {
    PixelImage image = image(1, 2, 3, 10, 100, 200, 250, 30, 0);
    assertThat(new ColorJitter(0, 0, 0).apply(image, random(0))).isSameAs(image);
    Set<PixelImage> seen = new HashSet<>();
    for (int i = 0; i < 50; i++) {
      seen.add(new ColorJitter(0.4, 0.4, 0.4).apply(image, random(i)));
    }
    assertThat(seen).hasSizeGreaterThan(45);
    PixelImage grey = image(1, 2, 1, 10, 200);
    assertThat(new ColorJitter(0, 0, 5).apply(grey, random(0))).isSameAs(grey);
  }

  @Test
  void lightingAddsOneColourToAllPixels() {
    PixelImage image = image(1, 2, 3, 100, 100, 100, 120, 130, 140);
    int draws = 4000;
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < draws; i++) {
      byte[] out = new Lighting(0.1).apply(image, random(i)).data();
      assertThat((out[3] & 0xff) - 120).isEqualTo((out[0] & 0xff) - 100);
      assertThat((out[4] & 0xff) - 130).isEqualTo((out[1] & 0xff) - 100);
      assertThat((out[5] & 0xff) - 140).isEqualTo((out[2] & 0xff) - 100);
      double red = (out[0] & 0xff) - 100;
      sum += red;
      squares += red * red;
    }
    // Red's deviation is 255 * 0.1 * sqrt((0.5675 * 0.2175)^2 + (0.7192 * 0.0188)^2 + (0.4009 *
    // 0.0045)^2) = 3.166 levels,
    // and rounding adds a twelfth to the variance.
    assertThat(sum / draws).isBetween(-0.2, 0.2);
    assertThat(Math.sqrt(squares / draws)).isBetween(3.03, 3.33);
    assertThatThrownBy(() -> new Lighting(0.1).apply(TWO_BY_THREE, random(0)))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("the images are grey");
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
