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

  /** A pooling along one side of an image. */
  private record Side(int kernel, int stride, int padding, int dilation, ConvolutionMode mode) {
    /** Along which nothing is pooled. */
    static Side none(ConvolutionMode mode) {
      return new Side(1, 1, 0, 1, mode);
    }
  }

  static void write(CeilModePooling layer, StockScope scope) {
    var image = scope.image();
    Side rows = side(layer, 0, image.getHeight());
    Side columns = side(layer, 1, image.getWidth());
    if (rows.mode() == columns.mode()) {
      scope.layer(pooling(layer, rows, columns));
      return;
    }
    String between = scope.name() + ".rows";
    scope.layer(
        between,
        pooling(layer, rows, Side.none(rows.mode())),
        scope.input(),
        StockPart.whole(between));
    scope.layer(
        scope.name(),
        pooling(layer, Side.none(columns.mode()), columns),
        between,
        StockPart.whole(scope.name()));
  }

  private static SubsamplingLayer pooling(CeilModePooling layer, Side rows, Side columns) {
    SubsamplingLayer.Builder builder = new SubsamplingLayer.Builder(layer.getPoolingType());
    builder.convolutionMode(rows.mode());
    // What hangs over without being padding never counts.
    builder.avgPoolIncludePadInDivisor(
        layer.isAvgPoolIncludePadInDivisor() && rows.mode() == ConvolutionMode.Truncate);
    return builder
        .kernelSize(rows.kernel(), columns.kernel())
        .stride(rows.stride(), columns.stride())
        .padding(rows.padding(), columns.padding())
        .dilation(rows.dilation(), columns.dilation())
        .build();
  }

  private static Side side(CeilModePooling layer, int side, long pixels) {
    int kernel = layer.getKernelSize()[side];
    int stride = layer.getStride()[side];
    int padding = layer.getPadding()[side];
    int dilation = layer.getDilation()[side];
    int reach = (kernel - 1) * dilation + 1;
    int windows = layer.windows(side, pixels);
    if (windows == 1 && padding == 0 && dilation == 1 && reach > pixels) {
      // One window that hangs over is one of the whole side.
      return new Side(Math.toIntExact(pixels), 1, 0, 1, ConvolutionMode.Truncate);
    }
    long free = pixels + 2L * padding - reach;
    if (free >= 0 && free / stride + 1 == windows) {
      return new Side(kernel, stride, padding, dilation, ConvolutionMode.Truncate);
    }
    boolean counted =
        layer.getPoolingType() == PoolingType.AVG && layer.isAvgPoolIncludePadInDivisor();
    long padded = Math.max(0, (windows - 1L) * stride + reach - pixels);
    if ((pixels + stride - 1) / stride == windows
        && padded / 2 == padding
        && !(counted && padding > 0)) {
      return new Side(kernel, stride, padding, dilation, ConvolutionMode.Same);
    }
    throw new IllegalArgumentException(
        String.format(
            "over %d pixels its windows of %d with stride %d and padding %d are neither DL4J's"
                + " Truncate nor its Same",
            pixels, reach, stride, padding));
  }
}
