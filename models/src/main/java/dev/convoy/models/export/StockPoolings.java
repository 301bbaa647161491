package dev.convoy.models.export;

import dev.convoy.models.layers.CeilModePooling;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;

/**
 * Ceil-mode pooling as DL4J's. Along one side its windows are those of the mode Truncate where none
 * hangs over, or those of Same where all padding at the begin is the layer's own. Where the sides
 * differ, rows are pooled and then columns: maxima and means over a rectangle are those over its
 * rows'.
 */
final class StockPoolings {
  private StockPoolings() {}

  static void write(CeilModePooling layer, StockScope scope) {
    var image = scope.image();
    ConvolutionMode rows = mode(layer, 0, image.getHeight());
    ConvolutionMode columns = mode(layer, 1, image.getWidth());
    if (rows == columns) {
      scope.layer(
          builder(layer, rows)
              .kernelSize(layer.getKernelSize())
              .stride(layer.getStride())
              .padding(layer.getPadding())
              .dilation(layer.getDilation())
              .build());
      return;
    }
    String between = scope.name() + ".rows";
    scope.layer(between, side(layer, rows, 0), scope.input(), StockPart.whole(between));
    scope.layer(scope.name(), side(layer, columns, 1), between, StockPart.whole(scope.name()));
  }

  private static SubsamplingLayer side(CeilModePooling layer, ConvolutionMode mode, int side) {
    return builder(layer, mode)
        .kernelSize(only(layer.getKernelSize(), side, 1))
        .stride(only(layer.getStride(), side, 1))
        .padding(only(layer.getPadding(), side, 0))
        .dilation(only(layer.getDilation(), side, 1))
        .build();
  }

  private static int[] only(int[] values, int side, int other) {
    return side == 0 ? new int[] {values[0], other} : new int[] {other, values[1]};
  }

  private static SubsamplingLayer.Builder builder(CeilModePooling layer, ConvolutionMode mode) {
    SubsamplingLayer.Builder builder = new SubsamplingLayer.Builder(layer.getPoolingType());
    builder.convolutionMode(mode);
    // What hangs over without being padding never counts.
    builder.avgPoolIncludePadInDivisor(
        layer.isAvgPoolIncludePadInDivisor() && mode == ConvolutionMode.Truncate);
    return builder;
  }

  private static ConvolutionMode mode(CeilModePooling layer, int side, long pixels) {
    int stride = layer.getStride()[side];
    int padding = layer.getPadding()[side];
    int reach = (layer.getKernelSize()[side] - 1) * layer.getDilation()[side] + 1;
    int windows = layer.windows(side, pixels);
    if (pixels + 2L * padding >= reach && (pixels + 2L * padding - reach) / stride + 1 == windows) {
      return ConvolutionMode.Truncate;
    }
    boolean counted =
        layer.getPoolingType() == PoolingType.AVG && layer.isAvgPoolIncludePadInDivisor();
    long padded = Math.max(0, (windows - 1L) * stride + reach - pixels);
    if ((pixels + stride - 1) / stride == windows
        && padded / 2 == padding
        && !(counted && padding > 0)) {
      return ConvolutionMode.Same;
    }
    throw new IllegalArgumentException(
        String.format(
            "over %d pixels its windows of %d with stride %d and padding %d are neither DL4J's"
                + " Truncate nor its Same",
            pixels, reach, stride, padding));
  }
}
