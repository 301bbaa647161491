package dev.convoy.benchmarks.libtorch;

import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** A classifier. */
@FunctionalInterface
interface Network {

  /**
   * Classifies images {@code [n, channels, height, width]}, which stay unchanged.
   *
   * @return logits {@code [n, classes]}, which the caller closes: the classifier's, and in training
   *     then those of the auxiliary classifiers, if there are any
   */
  List<Tensor> logits(Tensor images, Mode mode);

  /** A network with one classifier. */
  static Network of(Layer layer) {
    return (images, mode) -> List.of(layer.forward(images, mode));
  }
}
