package dev.convoy.benchmarks.libtorch;

/** LeNet-5 with ReLU and max pooling, for {@code [n, 1, 28, 28]}, as in Convoy's registry. */
final class LeNet {
  private static final Window HALVING = new Window(2, 2, 0);

  private LeNet() {}

  static Network build(Weights weights) {
    Layers layers = new Layers(weights);
    return Network.of(
        Layer.sequence(
            layers.biasedConvolution("conv1", 1, 6, Window.same(5, 1)),
            Layers.relu(),
            Layers.maxPool(HALVING),
            layers.biasedConvolution("conv2", 6, 16, new Window(5, 1, 0)),
            Layers.relu(),
            Layers.maxPool(HALVING),
            Layers.flatten(),
            layers.linear("fc1", 400, 120),
            Layers.relu(),
            layers.linear("fc2", 120, 84),
            Layers.relu(),
            layers.linear("fc3", 84, 10)));
  }
}
