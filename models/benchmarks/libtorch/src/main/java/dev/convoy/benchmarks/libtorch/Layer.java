package dev.convoy.benchmarks.libtorch;

import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** A function of one tensor. */
@FunctionalInterface
interface Layer {

  /**
   * Applies the layer.
   *
   * @return a new tensor, which the caller closes, or {@code x} itself where the layer worked in
   *     place or had nothing to do
   */
  Tensor forward(Tensor x, Mode mode);

  /**
   * The layers one after the other. What lies between them is released at once, as Python's
   * reference counts would: autograd keeps what it needs.
   */
  @SuppressWarnings("ReferenceEquality") // the same tensor, not an equal one
  static Layer sequence(List<Layer> layers) {
    List<Layer> fixed = List.copyOf(layers);
    return (x, mode) -> {
      Tensor y = x;
      for (Layer layer : fixed) {
        Tensor next = layer.forward(y, mode);
        if (y != x && y != next) {
          y.close();
        }
        y = next;
      }
      return y;
    };
  }

  /** The layers one after the other. */
  static Layer sequence(Layer... layers) {
    return sequence(List.of(layers));
  }
}
