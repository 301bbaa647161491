package dev.convoy.data.image;

import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import javax.imageio.ImageReader;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;

/**
 * The JDK's own image readers, found by module and not by ImageIO's order: a plug-in on the class
 * path must not change pixels.
 */
final class JdkImageReaders {
  private JdkImageReaders() {}

  /** The provider of a format: {@code jpeg} or {@code png}. */
  static ImageReaderSpi provider(String format) {
    Iterator<ImageReaderSpi> providers =
        IIORegistry.getDefaultInstance().getServiceProviders(ImageReaderSpi.class, true);
    while (providers.hasNext()) {
      ImageReaderSpi provider = providers.next();
      if ("java.desktop".equals(provider.getClass().getModule().getName())
          && Arrays.asList(provider.getFormatNames()).contains(format)) {
        return provider;
      }
    }
    throw new IllegalStateException(
        "this Java has no "
            + format
            + " reader of its own: the module java.desktop is missing or reduced");
  }

  static ImageReader open(ImageReaderSpi provider) {
    try {
      return provider.createReaderInstance();
    } catch (IOException e) {
      throw new IllegalStateException("the JDK's image reader " + provider + " does not start", e);
    }
  }
}
