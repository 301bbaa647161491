package dev.convoy.benchmarks.libtorch;

import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Random images and labels.
 *
 * @param images {@code [n, channels, height, width]}, float32, channels-last, normally distributed
 * @param labels {@code [n]}, int64
 */
record Batch(Tensor images, Tensor labels) {

  static Batch random(Architecture architecture, int size) {
    TensorOptions integers = new TensorOptions().dtype(new ScalarTypeOptional(ScalarType.Long));
    try (Tensor drawn = torch.randn(architecture.inputShape(size))) {
      return new Batch(
          Weights.channelsLast(drawn),
          torch.randint(architecture.classes(), new long[] {size}, integers));
    }
  }
}
