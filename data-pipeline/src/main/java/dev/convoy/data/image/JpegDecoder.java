package dev.convoy.data.image;

import java.awt.image.DataBufferByte;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
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
    AtomicReference<String> damage = new AtomicReference<>();
    ImageReader reader = JdkImageReaders.open(READER);
    try (var input = new MemoryCacheImageInputStream(new ByteArrayInputStream(jpeg.bytes()))) {
      reader.addIIOReadWarningListener(
          (source, warning) -> {
            if (isDamage(warning)) {
              damage.compareAndSet(null, warning);
            }
          });
      reader.setInput(input, true, true);
      Raster raster = reader.readRaster(0, null);
      if (damage.get() != null) {
        throw new UnreadableImageException("damaged JPEG: " + damage.get());
      }
      return interleaved(raster, jpeg);
    } catch (IOException | RuntimeException e) {
      throw new UnreadableImageException("damaged JPEG: " + e.getMessage(), e);
    } finally {
      reader.dispose();
    }
  }

  /**
   * libjpeg's warnings all mean lost or invented pixels, but for two: bytes that are passed over
   * between segments, and scan parameters that have no meaning in a sequential file.
   */
  private static boolean isDamage(String warning) {
    return !warning.contains("extraneous bytes before marker")
        && !warning.contains("Invalid SOS parameters for sequential JPEG");
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
