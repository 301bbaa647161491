package dev.convoy.benchmarks.libtorch;

import org.bytedeco.pytorch.Tensor;

/** {@code relu(branch(x) + shortcut(x))}; sum and ReLU are made in the branch's tensor. */
record Residual(Layer branch, Layer shortcut) implements Layer {

  /** The shortcut that passes its input on. */
  static final Layer IDENTITY = (x, mode) -> x;

  @Override
  @SuppressWarnings("ReferenceEquality") // the same tensor, not an equal one
  public Tensor forward(Tensor x, Mode mode) {
    Tensor y = branch.forward(x, mode);
    Tensor s = shortcut.forward(x, mode);
    y.add_(s);
    if (s != x) {
      s.close();
    }
    y.relu_();
    return y;
  }
}
