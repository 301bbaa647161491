package dev.convoy.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every colour type and depth of the specification (table 11.1), from samples chosen here. */
class PngKindsTest {
  private static final int WIDTH = 13;
  private static final int HEIGHT = 7;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 8, 16})
  void greyIsScaledToEightBits(int bits) throws Exception {
    int[] samples = samples(1, bits);
    byte[] expected = new byte[samples.length];
    for (int i = 0; i < samples.length; i++) {
      expected[i] = scaled(samples[i], bits);
    }
    byte[] png = png(0, bits).rows(samples, WIDTH, bits).file();
    assertThat(ImageDecoder.decode(png)).isEqualTo(new PixelImage(HEIGHT, WIDTH, 1, expected));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 8, 16})
  void theTransparentGreyIsWhite(int bits) throws Exception {
    int[] samples = samples(1, bits);
    int key = samples[5];
    // At 16 bits a neighbour with the same high byte must stay.
    samples[6] = key ^ 1;
    byte[] expected = new byte[samples.length];
    for (int i = 0; i < samples.length; i++) {
      expected[i] = samples[i] == key ? (byte) 255 : scaled(samples[i], bits);
    }
    byte[] png = png(0, bits).chunk("tRNS", shorts(key)).rows(samples, WIDTH, bits).file();
    assertThat(ImageDecoder.decode(png)).isEqualTo(new PixelImage(HEIGHT, WIDTH, 1, expected));
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 16})
  void theTransparentColourIsWhite(int bits) throws Exception {
    int[] samples = samples(3, bits);
    int[] key = Arrays.copyOfRange(samples, 30, 33);
    System.arraycopy(key, 0, samples, 60, 3);
    samples[62] ^= 1;
    byte[] expected = new byte[samples.length];
    for (int i = 0; i < samples.length; i++) {
      expected[i] = i / 3 == 10 ? (byte) 255 : scaled(samples[i], bits);
    }
    byte[] png = png(2, bits).chunk("tRNS", shorts(key)).rows(samples, 3 * WIDTH, bits).file();
    assertThat(ImageDecoder.decode(png)).isEqualTo(new PixelImage(HEIGHT, WIDTH, 3, expected));
  }

  @ParameterizedTest
  @CsvSource({"4, 8", "4, 16", "6, 8", "6, 16"})
  void alphaIsComposedOnWhite(int colourType, int bits) throws Exception {
    int colours = colourType == 4 ? 1 : 3;
    int[] samples = samples(colours + 1, bits);
    byte[] expected = new byte[HEIGHT * WIDTH * colours];
    for (int i = 0; i < expected.length; i++) {
      int pixel = i / colours * (colours + 1);
      int value = scaled(samples[pixel + i % colours], bits) & 0xff;
      int alpha = scaled(samples[pixel + colours], bits) & 0xff;
      expected[i] = (byte) Math.round((value * alpha + 255.0 * (255 - alpha)) / 255);
    }
    byte[] png = png(colourType, bits).rows(samples, (colours + 1) * WIDTH, bits).file();
    assertThat(ImageDecoder.decode(png))
        .isEqualTo(new PixelImage(HEIGHT, WIDTH, colours, expected));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 8})
  void palettesAreLookedUp(int bits) throws Exception {
    int[] samples = samples(1, bits);
    byte[] palette = new byte[3 << bits];
    new Random(bits).nextBytes(palette);
    byte[] opaque = new byte[3 * samples.length];
    byte[] firstTransparent = new byte[opaque.length];
    for (int i = 0; i < opaque.length; i++) {
      opaque[i] = palette[3 * samples[i / 3] + i % 3];
      firstTransparent[i] = samples[i / 3] == 0 ? (byte) 255 : opaque[i];
    }
    byte[] png = png(3, bits).chunk("PLTE", palette).rows(samples, WIDTH, bits).file();
    assertThat(ImageDecoder.decode(png)).isEqualTo(new PixelImage(HEIGHT, WIDTH, 3, opaque));
    byte[] transparent =
        png(3, bits)
            .chunk("PLTE", palette)
            .chunk("tRNS", new byte[1])
            .rows(samples, WIDTH, bits)
            .file();
    assertThat(ImageDecoder.decode(transparent))
        .isEqualTo(new PixelImage(HEIGHT, WIDTH, 3, firstTransparent));
  }

  @Test
  void howTheDataIsCutDoesNotMatter() throws Exception {
    int[] samples = samples(3, 8);
    byte[] whole = png(2, 8).rows(samples, 3 * WIDTH, 8).file();
    byte[] pieces = png(2, 8).rowsInPieces(samples, 3 * WIDTH, 8, 1).file();
    assertThat(ImageDecoder.decode(pieces)).isEqualTo(ImageDecoder.decode(whole));
  }

  /** The JDK's reader would inflate the text, to whatever size it has. */
  @Test
  void ancillaryChunksAreNotLookedInto() throws Exception {
    int[] samples = samples(1, 2);
    byte[] palette = new byte[12];
    byte[] garbage = {'a', 0, 0, 1, 2, 3, 4, 5, 6, 7};
    byte[] png =
        png(3, 2)
            .chunk("zTXt", garbage)
            .chunk("iCCP", garbage)
            .chunk("gAMA", new byte[1])
            .chunk("PLTE", palette)
            .chunk("iTXt", garbage)
            .rows(samples, WIDTH, 2)
            .chunk("zTXt", garbage)
            .file();
    assertThat(ImageDecoder.decode(png).data()).containsOnly(0);
  }

  @Test
  void missingRowsAreRefused() {
    byte[] half = RawPng.deflated(new byte[(WIDTH + 1) * HEIGHT / 2]);
    assertThatThrownBy(() -> ImageDecoder.decode(png(0, 8).data(half).file()))
        .isInstanceOf(UnreadableImageException.class)
        .hasMessageContaining("rows of pixels are missing");
    byte[] whole = RawPng.deflated(new byte[(WIDTH + 1) * HEIGHT]);
    byte[] cut = Arrays.copyOf(whole, whole.length / 2);
    assertThatThrownBy(() -> ImageDecoder.decode(png(0, 8).data(cut).file()))
        .isInstanceOf(UnreadableImageException.class)
        .hasMessageContaining("rows of pixels are missing");
  }

  @Test
  void unknownFiltersAreRefused() {
    byte[] rows = new byte[(WIDTH + 1) * HEIGHT];
    rows[WIDTH + 1] = 5;
    assertThatThrownBy(() -> ImageDecoder.decode(png(0, 8).data(RawPng.deflated(rows)).file()))
        .isInstanceOf(UnreadableImageException.class)
        .hasMessageContaining("filter");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 3, 0",
    "0, 0, 0",
    "2, 4, 0",
    "3, 16, 0",
    "4, 4, 0",
    "6, 2, 0",
    "5, 8, 0",
    "1, 8, 0",
    "7, 8, 0",
    "0, 8, 65536",
    "0, 8, 256",
    "0, 8, 2"
  })
  void kindsThatAreNotInTheSpecificationAreRefused(int colourType, int bits, int methods) {
    byte[] png =
        new RawPng()
            .header(WIDTH, HEIGHT, bits, colourType, methods)
            .chunk("PLTE", new byte[6])
            .data(RawPng.deflated(new byte[10_000]))
            .file();
    assertThatThrownBy(() -> ImageDecoder.decode(png))
        .isInstanceOf(UnreadableImageException.class)
        .hasMessageStartingWith("damaged PNG: ")
        .hasMessageNotContainingAny("null", "Error reading");
  }

  @Test
  void chunksThatCannotBeAreRefused() {
    assertRefused(new RawPng().chunk("PLTE", new byte[3]), "header chunk does not come first");
    assertRefused(png(0, 8).header(1, 1, 8, 0), "a second header chunk");
    assertRefused(png(0, 8), "no image data");
    assertRefused(png(3, 8).data(new byte[1]), "palette is missing");
    assertRefused(png(3, 8).chunk("PLTE", new byte[4]), "a palette of 4 bytes");
    assertRefused(png(2, 8).chunk("tRNS", new byte[2]).data(new byte[1]), "a tRNS chunk of 2");
    assertRefused(png(2, 8).chunk("XDAT", new byte[2]), "unknown critical chunk XDAT");
    assertRefused(new RawPng().chunk("IHDR", new byte[12]), "a header chunk of 12 bytes");
  }

  private static void assertRefused(RawPng png, String reason) {
    assertThatThrownBy(() -> ImageDecoder.decode(png.file()))
        .isInstanceOf(UnreadableImageException.class)
        .hasMessageContaining(reason);
  }

  private static RawPng png(int colourType, int bits) {
    return new RawPng().header(WIDTH, HEIGHT, bits, colourType);
  }

  private static int[] samples(int perPixel, int bits) {
    return new Random(perPixel * 31L + bits)
        .ints((long) WIDTH * HEIGHT * perPixel, 0, 1 << bits)
        .toArray();
  }

  private static byte scaled(int sample, int bits) {
    return (byte) (bits == 16 ? sample / 256 : sample * 255 / ((1 << bits) - 1));
  }

  private static byte[] shorts(int... values) {
    byte[] bytes = new byte[2 * values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[2 * i] = (byte) (values[i] >> 8);
      bytes[2 * i + 1] = (byte) values[i];
    }
    return bytes;
  }
}
