package dev.convoy.benchmarks.libtorch;

/** torchvision's AlexNet (one tower), for {@code [n, 3, 224, 224]}. */
final class AlexNet {
  private static final Window POOL = new Window(3, 2, 0);

  private AlexNet() {}

  static Network build(Weights weights) {
    Layers layers = new Layers(weights);
    return Network.of(
        Layer.sequence(
            layers.biasedConvolution("features.0", 3, 64, new Window(11, 4, 2)),
            Layers.relu(),
            Layers.maxPool(POOL),
            layers.biasedConvolution("features.3", 64, 192, Window.same(5, 1)),
            Layers.relu(),
            Layers.maxPool(POOL),
            layers.biasedConvolution("features.6", 192, 384, Window.same(3, 1)),
            Layers.relu(),
            layers.biasedConvolution("features.8", 384, 256, Window.same(3, 1)),
            Layers.relu(),
            layers.biasedConvolution("features.10", 256, 256, Window.same(3, 1)),
            Layers.relu(),
            Layers.maxPool(POOL),
            Layers.adaptiveAveragePool(6),
            Layers.flatten(),
            Layers.dropout(0.5),
            layers.linear("classifier.1", 256 * 6 * 6, 4096),
            Layers.relu(),
            Layers.dropout(0.5),
            layers.linear("classifier.4", 4096, 4096),
            Layers.relu(),
            layers.linear("classifier.6", 4096, 1000)));
  }
}
