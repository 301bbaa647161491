package dev.convoy.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageDecoderTest {

  static Stream<GoldenImages.Golden> decoded() {
    return GoldenImages.all().stream().filter(golden -> golden.operation().equals("decode"));
  }

  @ParameterizedTest
  @MethodSource("decoded")
  void decodesToThePixelsOfPillow(GoldenImages.Golden golden) throws Exception {
    PixelImage image = ImageDecoder.decode(GoldenImages.bytes(golden.file()), golden.channels());
    assertThat(image.height()).isEqualTo(golden.height());
    assertThat(image.width()).isEqualTo(golden.width());
    assertThat(GoldenImages.sha256(image.data())).isEqualTo(golden.sha256());
  }

  @Test
  void manyThreadsSeeTheSamePixels() throws Exception {
    List<GoldenImages.Golden> goldens = decoded().toList();
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Callable<String>> tasks =
          IntStream.range(0, 400)
              .mapToObj(i -> goldens.get(i % goldens.size()))
              .<Callable<String>>map(
                  g ->
                      () ->
                          GoldenImages.sha256(
                              ImageDecoder.decode(GoldenImages.bytes(g.file()), g.channels())
                                  .data()))
              .toList();
      List<Future<String>> results = threads.invokeAll(tasks);
      for (int i = 0; i < results.size(); i++) {
        assertThat(results.get(i).get()).isEqualTo(goldens.get(i % goldens.size()).sha256());
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void greyIsRec601Luma() throws Exception {
    byte[] png =
        PngEncoder.encode(
            new PixelImage(1, 4, 3, bytes(255, 0, 0, 0, 255, 0, 0, 0, 255, 10, 20, 31)));
    // 0.299, 0.587, 0.114 of 255; and (196 190 + 769 400 + 231 601 + 32 768) >> 16
    assertThat(ImageDecoder.decode(png, 1).data()).isEqualTo(bytes(76, 150, 29, 18));
  }

  @Test
  void colourFromGreyRepeatsIt() throws Exception {
    byte[] png = PngEncoder.encode(new PixelImage(1, 2, 1, bytes(7, 250)));
    assertThat(ImageDecoder.decode(png, 3).data()).isEqualTo(bytes(7, 7, 7, 250, 250, 250));
  }

  @ParameterizedTest
  @CsvSource({
    "jpeg_grey.jpg, 1",
    "png_grey.png, 1",
    "png_1_bit.png, 1",
    "jpeg_420.jpg, 3",
    "jpeg_cmyk.jpg, 3",
    "png_rgb_profile.png, 3",
    "png_palette_4.png, 3"
  })
  void withoutAWishTheFileDecidesTheChannels(String file, int channels) throws Exception {
    byte[] encoded = GoldenImages.bytes(file);
    assertThat(ImageDecoder.decode(encoded)).isEqualTo(ImageDecoder.decode(encoded, channels));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jpeg_444.jpg",
        "jpeg_progressive.jpg",
        "jpeg_cmyk.jpg",
        "jpeg_restart.jpg",
        "png_rgb_profile.png",
        "png_palette_200.png"
      })
  void everyTruncationIsRefused(String file) {
    byte[] whole = GoldenImages.bytes(file);
    for (int length = 0; length < whole.length; length++) {
      byte[] part = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> ImageDecoder.decode(part, 3))
          .as("%d of %d bytes", length, whole.length)
          .isInstanceOf(UnreadableImageException.class)
          .hasMessageMatching("(?s).*(ends early|is empty|not a JPEG or PNG).*");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"jpeg_420.jpg", "jpeg_progressive.jpg", "jpeg_grey.jpg"})
  void aHoleInTheDataOfAJpegIsRefusedThoughItHasAnEnd(String file) {
    byte[] whole = GoldenImages.bytes(file);
    byte[] cut = Arrays.copyOf(whole, whole.length * 3 / 4);
    cut[cut.length - 2] = (byte) 0xff;
    cut[cut.length - 1] = (byte) 0xd9;
    assertThatThrownBy(() -> ImageDecoder.decode(cut, 3))
        .isInstanceOf(UnreadableImageException.class)
        .hasMessageContaining("premature end of data segment");
  }

  @Test
  void meaninglessScanParametersOfASequentialJpegDoNotMatter() throws Exception {
    byte[] whole = GoldenImages.bytes("jpeg_420.jpg");
    byte[] zeroed = withoutScanParameters(whole);
    assertThat(zeroed).isNotEqualTo(whole);
    assertThat(ImageDecoder.decode(zeroed, 3)).isEqualTo(ImageDecoder.decode(whole, 3));
  }

  @Test
  void meaninglessScanParametersHideNoDamage() {
    byte[] zeroed = withoutScanParameters(GoldenImages.bytes("jpeg_420.jpg"));
    byte[] cut = Arrays.copyOf(zeroed, zeroed.length * 3 / 4);
    byte[] ended = inserted(cut, cut.length, bytes(0xff, 0xd9));
    assertThatThrownBy(() -> ImageDecoder.decode(ended, 3))
        .isInstanceOf(UnreadableImageException.class)
        .hasMessageContaining("premature end of data segment");
  }

  @Test
  void aScanHeaderOfAnotherLengthIsRefused() {
    byte[] jpeg = GoldenImages.bytes("jpeg_420.jpg");
    ByteBuffer.wrap(jpeg).putShort(segment(jpeg, 0xda) + 2, (short) 9);
    assertThatThrownBy(() -> ImageDecoder.decode(jpeg, 3))
        .isInstanceOf(UnreadableImageException.class)
        .hasMessage("damaged JPEG: a scan header of 9 bytes for 3 components");
  }

  @ParameterizedTest
  @ValueSource(strings = {"jpeg_420.jpg", "jpeg_progressive.jpg", "jpeg_grey.jpg"})
  void paddingBeforeTheEndOfAJpegDoesNotMatter(String file) throws Exception {
    byte[] whole = GoldenImages.bytes(file);
    byte[] zeros = inserted(whole, whole.length - 2, new byte[60]);
    assertThat(ImageDecoder.decode(zeros, 3)).isEqualTo(ImageDecoder.decode(whole, 3));
    byte[] filled = inserted(zeros, zeros.length - 2, bytes(0xff, 0xff, 0xff));
    assertThat(ImageDecoder.decode(filled, 3)).isEqualTo(ImageDecoder.decode(whole, 3));
  }

  @Test
  void otherBytesBeforeTheEndOfAJpegAreRefused() {
    byte[] whole = GoldenImages.bytes("jpeg_420.jpg");
    Random random = new Random(2);
    byte[] noise = new byte[60];
    for (int i = 0; i < noise.length; i++) {
      noise[i] = (byte) random.nextInt(0xff); // never a marker
    }
    byte[] noisy = inserted(whole, whole.length - 2, noise);
    assertThatThrownBy(() -> ImageDecoder.decode(noisy, 3))
        .isInstanceOf(UnreadableImageException.class)
        .hasMessageContaining("extraneous bytes before marker 0xd9");
  }

  @Test
  void paddingInsideOfAScanIsRefused() {
    byte[] whole = GoldenImages.bytes("jpeg_restart.jpg");
    byte[] padded = inserted(whole, indexOf(whole, bytes(0xff, 0xd0)), new byte[60]);
    assertThatThrownBy(() -> ImageDecoder.decode(padded, 3))
        .isInstanceOf(UnreadableImageException.class)
        .hasMessageContaining("extraneous bytes before marker 0xd0");
  }

  /** With zeros for the last three bytes of its scan header. */
  private static byte[] withoutScanParameters(byte[] jpeg) {
    byte[] zeroed = jpeg.clone();
    int scan = segment(jpeg, 0xda);
    int end = scan + 2 + ByteBuffer.wrap(jpeg).getShort(scan + 2);
    Arrays.fill(zeroed, end - 3, end, (byte) 0);
    return zeroed;
  }

  /** Where the first segment of a marker begins, walked to: a table may hold the same bytes. */
  private static int segment(byte[] jpeg, int marker) {
    int at = 2;
    while (jpeg[at + 1] != (byte) marker) {
      at += 2 + ByteBuffer.wrap(jpeg).getShort(at + 2);
    }
    return at;
  }

  private static byte[] inserted(byte[] whole, int at, byte[] more) {
    byte[] longer = Arrays.copyOf(whole, whole.length + more.length);
    System.arraycopy(more, 0, longer, at, more.length);
    System.arraycopy(whole, at, longer, at + more.length, whole.length - at);
    return longer;
  }

  @Test
  void whatFollowsAJpegDoesNotMatter() throws Exception {
    byte[] whole = GoldenImages.bytes("jpeg_420.jpg");
    byte[] longer = Arrays.copyOf(whole, whole.length + 1000);
    assertThat(ImageDecoder.decode(longer, 3)).isEqualTo(ImageDecoder.decode(whole, 3));
  }

  @Test
  void damageInAPngIsFoundByItsChecksums() {
    byte[] whole = GoldenImages.bytes("png_palette_16.png");
    for (int i = 16; i < whole.length; i++) {
      byte[] damaged = whole.clone();
      damaged[i] ^= 0x10;
      assertThatThrownBy(() -> ImageDecoder.decode(damaged, 3))
          .as("byte %d", i)
          .isInstanceOf(UnreadableImageException.class);
    }
  }

  @Test
  void randomDamageGivesAnImageOrAReasonAndNothingElse() {
    Random random = new Random(1);
    for (GoldenImages.Golden golden : decoded().toList()) {
      for (int round = 0; round < 40; round++) {
        byte[] damaged = GoldenImages.bytes(golden.file());
        for (int i = 0; i < 1 + round % 8; i++) {
          damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
        }
        try {
          PixelImage image = ImageDecoder.decode(damaged, golden.channels());
          assertThat(image.channels()).isEqualTo(golden.channels());
        } catch (UnreadableImageException e) {
          assertThat(e).hasMessageMatching("(?s).{10,}");
        }
      }
    }
  }

  @Test
  void pixelBombsAreRefusedByTheirHeader() {
    byte[] png = GoldenImages.bytes("png_grey.png");
    ByteBuffer.wrap(png).putInt(16, 60_000).putInt(20, 60_000);
    CRC32 crc = new CRC32();
    crc.update(png, 12, 17);
    ByteBuffer.wrap(png).putInt(29, (int) crc.getValue());
    assertThatThrownBy(() -> ImageDecoder.decode(png, 1))
        .hasMessage("it has 60000 x 60000 pixels; at most 67108864 are read");

    byte[] jpeg = GoldenImages.bytes("jpeg_grey.jpg");
    int frame = indexOf(jpeg, bytes(0xff, 0xc0));
    ByteBuffer.wrap(jpeg).putShort(frame + 5, (short) 60_000).putShort(frame + 7, (short) 60_000);
    assertThatThrownBy(() -> ImageDecoder.decode(jpeg, 1))
        .hasMessage("it has 60000 x 60000 pixels; at most 67108864 are read");
  }

  @Test
  void otherFilesAreRefusedByName() {
    assertThatThrownBy(() -> ImageDecoder.decode(new byte[0], 3)).hasMessage("the file is empty");
    assertThatThrownBy(() -> ImageDecoder.decode("<html>".getBytes(StandardCharsets.US_ASCII), 3))
        .hasMessage("not a JPEG or PNG file: it begins with 3c 68 74 6d");
    assertThatThrownBy(() -> ImageDecoder.decode(new byte[9], 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not 2");
  }

  @Test
  void jpegsWithOtherCodingsAreRefusedByName() {
    byte[] jpeg = GoldenImages.bytes("jpeg_grey.jpg");
    int frame = indexOf(jpeg, bytes(0xff, 0xc0));
    jpeg[frame + 1] = (byte) 0xc9;
    assertThatThrownBy(() -> ImageDecoder.decode(jpeg, 3))
        .hasMessageContaining("arithmetic-coded JPEG (frame type 9) is not read");
  }

  private static int indexOf(byte[] data, byte[] wanted) {
    for (int i = 0; i <= data.length - wanted.length; i++) {
      if (Arrays.equals(data, i, i + wanted.length, wanted, 0, wanted.length)) {
        return i;
      }
    }
    throw new AssertionError("not found");
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  @Test
  void manyStuffedBytesOutsideOfAScanAreNoDeepRecursion() {
    byte[] encoded = new byte[1_000_000];
    for (int i = 2; i < encoded.length; i += 2) {
      encoded[i] = (byte) 0xff;
    }
    encoded[0] = (byte) 0xff;
    encoded[1] = (byte) 0xd8;
    assertThatThrownBy(() -> ImageDecoder.decode(encoded, 3))
        .isInstanceOf(UnreadableImageException.class)
        .hasMessageContaining("ends early");
  }
}
