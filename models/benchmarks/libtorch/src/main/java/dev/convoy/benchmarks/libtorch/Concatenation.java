package dev.convoy.benchmarks.libtorch;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Joins images along their channels. */
final class Concatenation {
  private static final int CHANNELS = 1;

  private Concatenation() {}

  /** {@code [n, c1 + c2 + .., height, width]}. */
  static Tensor of(List<Tensor> images) {
    try (TensorVector vector = new TensorVector(images.toArray(Tensor[]::new))) {
      return torch.cat(vector, CHANNELS);
    }
  }
}
