package dev.convoy.models.layers;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The windows of a ceil-mode pooling over an input padded until every window fits in. */
final class PaddedWindows {
  private final CeilModePooling pooling;
  private final int[] size;
  private final int[] windows = new int[2];
  private final int[] padded = new int[2];

  PaddedWindows(CeilModePooling pooling, int height, int width) {
    this.pooling = pooling;
    this.size = new int[] {height, width};
    for (int side = 0; side < 2; side++) {
      int reach = pooling.getDilation()[side] * (pooling.getKernelSize()[side] - 1) + 1;
      windows[side] = pooling.windows(side, size[side]);
      // All of the input, even where no window looks at its end.
      padded[side] =
          Math.max(
              (windows[side] - 1) * pooling.getStride()[side] + reach,
              pooling.getPadding()[side] + size[side]);
    }
  }

  int paddedHeight() {
    return padded[0];
  }

  int paddedWidth() {
    return padded[1];
  }

  long[] outputShape(INDArray images) {
    return new long[] {images.size(0), images.size(1), windows[0], windows[1]};
  }

  /** A copy of the images between borders of {@code border}, in the current workspace. */
  INDArray pad(INDArray images, double border) {
    INDArray copy =
        Nd4j.createUninitialized(
            images.dataType(),
            new long[] {images.size(0), images.size(1), padded[0], padded[1]},
            'c');
    copy.assign(border);
    inner(copy).assign(images);
    return copy;
  }

  /** A view of a padded array without its borders. */
  INDArray inner(INDArray array) {
    return array.get(NDArrayIndex.all(), NDArrayIndex.all(), inner(0), inner(1));
  }

  private INDArrayIndex inner(int side) {
    int from = pooling.getPadding()[side];
    return NDArrayIndex.interval(from, from + size[side]);
  }

  /** What the mean over a full window has to be multiplied with, {@code [1, 1, rows, columns]}. */
  INDArray divisorCorrection(DataType type) {
    int[] kernel = pooling.getKernelSize();
    double[][] factors = new double[windows[0]][windows[1]];
    for (int y = 0; y < windows[0]; y++) {
      for (int x = 0; x < windows[1]; x++) {
        factors[y][x] = (double) kernel[0] * kernel[1] / (counted(0, y) * counted(1, x));
      }
    }
    return Nd4j.createFromArray(factors).castTo(type).reshape(1, 1, windows[0], windows[1]);
  }

  private int counted(int side, int window) {
    int padding = pooling.getPadding()[side];
    int first = window * pooling.getStride()[side] - padding;
    int end = Math.min(first + pooling.getKernelSize()[side], size[side] + padding);
    return pooling.isAvgPoolIncludePadInDivisor()
        ? end - first
        : Math.min(end, size[side]) - Math.max(first, 0);
  }
}
