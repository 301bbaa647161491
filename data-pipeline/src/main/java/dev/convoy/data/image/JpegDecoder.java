package dev.convoy.data.image;

import java.awt.image.DataBufferByte;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageReader;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * JPEG through the JDK's own reader (libjpeg, integer DCT), which is asked for the raw components:
 * what they mean is decided and computed here, so that no colour management takes part, and CMYK
 * and YCCK, which that reader does not turn into an image, are read as well.
 */
final class JpegDecoder {
  private static final ImageReaderSpi READER = JdkImageReaders.provider("jpeg");

  private static final Pattern EXTRANEOUS_AT_THE_END =
      Pattern.compile("(\\d+) extraneous bytes before marker 0xd9");

  private JpegDecoder() {}

  static Samples decode(JpegStream jpeg) throws UnreadableImageException {
    byte[] components = components(jpeg);
    byte[] samples =
        switch (jpeg.colour()) {
          case GREY, RGB -> components;
          case YCC -> JpegColour.yccToRgb(components);
          case YCCK -> JpegColour.cmykToRgb(JpegColour.ycckToCmyk(components));
          case CMYK -> JpegColour.cmykToRgb(components);
        };
    int bands = jpeg.colour() == JpegStream.Colour.GREY ? 1 : 3;
    return new Samples(jpeg.width(), jpeg.height(), bands, samples);
  }

  private static byte[] components(JpegStream jpeg) throws UnreadableImageException {
    List<String> warnings = new ArrayList<>();
    ImageReader reader = JdkImageReaders.open(READER);
    try (var input = new MemoryCacheImageInputStream(new ByteArrayInputStream(jpeg.bytes()))) {
      reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
      reader.setInput(input, true, true);
      Raster raster = reader.readRaster(0, null);
      for (String warning : warnings) {
        if (isDamage(warning, jpeg)) {
          throw new UnreadableImageException("damaged JPEG: " + warning);
        }
      }
      return interleaved(raster, jpeg);
    } catch (IOException | RuntimeException e) {
      throw new UnreadableImageException("damaged JPEG: " + e.getMessage(), e);
    } finally {
      reader.dispose();
    }
  }

  /**
   * libjpeg's warnings all mean lost or invented pixels, but for one: padding before the
   * end-of-image marker, after which nothing is read. Before any other marker even padding is
   * damage: libjpeg reports the first warning of an image only, and others may follow.
   */
  private static boolean isDamage(String warning, JpegStream jpeg) {
    Matcher extraneous = EXTRANEOUS_AT_THE_END.matcher(warning);
    return !(extraneous.find() && jpeg.endsInPadding(Integer.parseInt(extraneous.group(1))));
  }

  private static byte[] interleaved(Raster raster, JpegStream jpeg)
      throws UnreadableImageException {
    int bands = jpeg.colour().components();
    boolean asStated =
        raster.getNumBands() == bands
            && raster.getWidth() == jpeg.width()
            && raster.getHeight() == jpeg.height()
            && raster.getSampleModel() instanceof PixelInterleavedSampleModel model
            && model.getPixelStride() == bands
            && model.getScanlineStride() == bands * jpeg.width();
    if (!asStated || !(raster.getDataBuffer() instanceof DataBufferByte buffer)) {
      throw new UnreadableImageException("damaged JPEG: its header contradicts itself");
    }
    byte[] data = buffer.getData();
    int length = bands * jpeg.width() * jpeg.height();
    return data.length == length ? data : Arrays.copyOf(data, length);
  }
}
