package dev.convoy.models.export;

import dev.convoy.models.layers.AdaptiveAveragePooling;
import java.util.List;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;

/**
 * Adaptive average pooling as DL4J's: as a pooling where its windows are of one size and at equal
 * distances, or as an upsampling and then a pooling where that gives the same means.
 */
final class StockResampling {
  private StockResampling() {}

  /**
   * Along one side: every pixel is repeated, then means of windows are taken.
   *
   * @param repeats of each pixel
   * @param window over the repeated pixels
   * @param stride of the windows
   */
  private record Side(int repeats, int window, int stride) {}

  static void write(AdaptiveAveragePooling layer, StockScope scope) {
    var image = scope.image();
    Side rows = side((int) image.getHeight(), layer.getHeight());
    Side columns = side((int) image.getWidth(), layer.getWidth());
    boolean repeats = rows.repeats() != 1 || columns.repeats() != 1;
    String from = scope.input();
    if (repeats) {
      from = scope.name() + ".repeated";
      Upsampling2D repetition =
          new Upsampling2D.Builder().size(new int[] {rows.repeats(), columns.repeats()}).build();
      scope.layer(from, repetition, scope.input(), StockPart.whole(from));
    }
    SubsamplingLayer means =
        new SubsamplingLayer.Builder(PoolingType.AVG)
            .kernelSize(rows.window(), columns.window())
            .stride(rows.stride(), columns.stride())
            .convolutionMode(ConvolutionMode.Truncate)
            .build();
    scope.layer(scope.name(), means, from, StockPart.whole(scope.name()));
  }

  private static Side side(int pixels, int means) {
    int common = greatestCommonDivisor(pixels, means);
    int stride = begin(1, pixels, means);
    int window = end(0, pixels, means);
    List<Side> candidates =
        List.of(
            new Side(1, window, means == 1 ? 1 : Math.max(1, stride)),
            new Side(means / common, pixels / common, pixels / common));
    return candidates.stream()
        .filter(side -> isExact(side, pixels, means))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    String.format(
                        "DL4J's layers cannot take %d adaptive means of %d pixels; use an input"
                            + " with which they are a multiple or a divisor",
                        means, pixels)));
  }

  /** Whether every window gives each pixel that the adaptive mean has the same weight. */
  private static boolean isExact(Side side, int pixels, int means) {
    int repeated = pixels * side.repeats();
    if (repeated < side.window() || (repeated - side.window()) / side.stride() + 1 != means) {
      return false;
    }
    for (int i = 0; i < means; i++) {
      int[] weights = new int[pixels];
      for (int at = 0; at < side.window(); at++) {
        weights[(i * side.stride() + at) / side.repeats()]++;
      }
      int begin = begin(i, pixels, means);
      int end = end(i, pixels, means);
      for (int pixel = begin; pixel < end; pixel++) {
        if (weights[pixel] * (end - begin) != side.window()) {
          return false;
        }
      }
    }
    return true;
  }

  private static int begin(int mean, int pixels, int means) {
    return mean * pixels / means;
  }

  private static int end(int mean, int pixels, int means) {
    return ((mean + 1) * pixels + means - 1) / means;
  }

  private static int greatestCommonDivisor(int a, int b) {
    return b == 0 ? a : greatestCommonDivisor(b, a % b);
  }
}
