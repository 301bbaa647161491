package dev.convoy.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Random;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Against the JDK's own PNG writer, which knows the kinds that the golden files lack. */
class PngDecoderTest {

  @Property(tries = 60)
  void writtenAndReadAgainAnImageIsTheSame(
      @ForAll @IntRange(min = 1, max = 70) int height,
      @ForAll @IntRange(min = 1, max = 70) int width,
      @ForAll boolean colour,
      @ForAll long seed)
      throws Exception {
    PixelImage image = random(height, width, colour ? 3 : 1, seed);
    byte[] png = PngEncoder.encode(image);
    assertThat(ImageDecoder.decode(png, image.channels())).isEqualTo(image);
    int[] byJdk =
        ImageIO.read(new ByteArrayInputStream(png))
            .getRaster()
            .getPixels(0, 0, width, height, (int[]) null);
    assertThat(bytes(byJdk, 0)).isEqualTo(image.data());
  }

  @Test
  void imagesOfManyStoredBlocksSurvive() throws Exception {
    PixelImage image = random(300, 400, 3, 5);
    assertThat(ImageDecoder.decode(PngEncoder.encode(image), 3)).isEqualTo(image);
  }

  @Property(tries = 40)
  void interlacedIsTheSameAsNot(
      @ForAll @IntRange(min = 1, max = 20) int height,
      @ForAll @IntRange(min = 1, max = 20) int width)
      throws Exception {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
    fill(image.getRaster(), height * 31 + width);
    assertThat(ImageDecoder.decode(png(image, ImageWriteParam.MODE_DEFAULT), 3))
        .isEqualTo(ImageDecoder.decode(png(image, ImageWriteParam.MODE_DISABLED), 3));
  }

  @Test
  void sixteenBitsKeepTheHighByte() throws Exception {
    BufferedImage image = new BufferedImage(5, 4, BufferedImage.TYPE_USHORT_GRAY);
    fill(image.getRaster(), 3);
    int[] stored = image.getRaster().getPixels(0, 0, 5, 4, (int[]) null);
    assertThat(ImageDecoder.decode(png(image, ImageWriteParam.MODE_DISABLED), 1).data())
        .isEqualTo(bytes(stored, 8));

    BufferedImage colour = component(DataBuffer.TYPE_USHORT, 3);
    int[] colours = colour.getRaster().getPixels(0, 0, 5, 4, (int[]) null);
    assertThat(ImageDecoder.decode(png(colour, ImageWriteParam.MODE_DISABLED), 3).data())
        .isEqualTo(bytes(colours, 8));
  }

  @Test
  void alphaIsComposedOnWhite() throws Exception {
    BufferedImage image = new BufferedImage(3, 1, BufferedImage.TYPE_INT_ARGB);
    image.setRGB(0, 0, 0x00102030);
    image.setRGB(1, 0, 0xff102030);
    image.setRGB(2, 0, 0x80102030);
    // (16 * 128 + 255 * 127 + 127) / 255 = 135, and so on
    assertThat(ImageDecoder.decode(png(image, ImageWriteParam.MODE_DISABLED), 3).data())
        .isEqualTo(bytes(new int[] {255, 255, 255, 16, 32, 48, 135, 143, 151}, 0));
  }

  @Test
  void transparentColoursOfAPaletteAreWhite() throws Exception {
    IndexColorModel palette =
        new IndexColorModel(
            2, 3, new byte[] {1, 2, 3}, new byte[] {4, 5, 6}, new byte[] {7, 8, 9}, 1);
    BufferedImage image = new BufferedImage(3, 1, BufferedImage.TYPE_BYTE_BINARY, palette);
    image.getRaster().setPixels(0, 0, 3, 1, new int[] {0, 1, 2});
    assertThat(ImageDecoder.decode(png(image, ImageWriteParam.MODE_DISABLED), 3).data())
        .isEqualTo(bytes(new int[] {1, 4, 7, 255, 255, 255, 3, 6, 9}, 0));
  }

  @Test
  void aColourBeyondThePaletteIsRefused() throws Exception {
    IndexColorModel palette =
        new IndexColorModel(2, 3, new byte[] {1, 2, 3}, new byte[3], new byte[3]);
    BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_BYTE_BINARY, palette);
    image.getRaster().setPixels(0, 0, 1, 1, new int[] {3});
    byte[] png = png(image, ImageWriteParam.MODE_DISABLED);
    assertThatThrownBy(() -> ImageDecoder.decode(png, 3))
        .isInstanceOf(UnreadableImageException.class)
        .hasMessage("damaged PNG: colour 3 of a palette of 3");
  }

  private static BufferedImage component(int type, int bands) {
    ComponentColorModel model =
        new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_sRGB),
            false,
            false,
            ComponentColorModel.OPAQUE,
            type);
    WritableRaster raster = Raster.createInterleavedRaster(type, 5, 4, bands, null);
    fill(raster, 7);
    return new BufferedImage(model, raster, false, null);
  }

  private static void fill(WritableRaster raster, long seed) {
    Random random = new Random(seed);
    int largest = raster.getDataBuffer().getDataType() == DataBuffer.TYPE_USHORT ? 65536 : 256;
    int[] samples =
        random
            .ints((long) raster.getWidth() * raster.getHeight() * raster.getNumBands(), 0, largest)
            .toArray();
    raster.setPixels(0, 0, raster.getWidth(), raster.getHeight(), samples);
  }

  private static byte[] png(BufferedImage image, int progressive) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (var out = new MemoryCacheImageOutputStream(bytes)) {
      ImageWriteParam param = writer.getDefaultWriteParam();
      param.setProgressiveMode(progressive);
      writer.setOutput(out);
      writer.write(null, new IIOImage(image, null, null), param);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  private static PixelImage random(int height, int width, int channels, long seed) {
    byte[] data = new byte[height * width * channels];
    new Random(seed).nextBytes(data);
    return new PixelImage(height, width, channels, data);
  }

  private static byte[] bytes(int[] samples, int shift) {
    byte[] bytes = new byte[samples.length];
    for (int i = 0; i < samples.length; i++) {
      bytes[i] = (byte) (samples[i] >> shift);
    }
    return bytes;
  }
}
