package dev.convoy.models.layers;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.Shape;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Arrays in C order without gaps, of which parts can be viewed in any shape. */
final class Contiguous {
  private Contiguous() {}

  /** The array itself if it is so already, otherwise a copy in the current workspace. */
  static INDArray of(INDArray array) {
    return Shape.hasDefaultStridesForShape(array) ? array : array.dup('c');
  }

  /** A view of image n of {@code [batch, channels, height, width]}, {@code [1, ...]}. */
  static INDArray image(INDArray images, long n) {
    return images.get(
        NDArrayIndex.interval(n, n + 1),
        NDArrayIndex.all(),
        NDArrayIndex.all(),
        NDArrayIndex.all());
  }
}
