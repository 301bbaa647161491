package dev.convoy.benchmarks.libtorch;

import java.util.ArrayList;
import java.util.List;

/** torchvision's VGG without batch norm, for {@code [n, 3, 224, 224]}. */
final class Vgg {
  /** Convolutions of each stage of configuration D. */
  private static final int[] CONVOLUTIONS_OF_16 = {2, 2, 3, 3, 3};

  private static final int[] CHANNELS = {64, 128, 256, 512, 512};

  private Vgg() {}

  static Network vgg16(Weights weights) {
    Layers layers = new Layers(weights);
    List<Layer> all = new ArrayList<>();
    int in = 3;
    for (int stage = 0; stage < CHANNELS.length; stage++) {
      int out = CHANNELS[stage];
      for (int i = 0; i < CONVOLUTIONS_OF_16[stage]; i++) {
        all.add(layers.biasedConvolution("features." + all.size(), in, out, Window.same(3, 1)));
        all.add(Layers.relu());
        in = out;
      }
      all.add(Layers.maxPool(new Window(2, 2, 0)));
    }
    all.add(Layers.adaptiveAveragePool(7));
    all.add(Layers.flatten());
    all.add(layers.linear("classifier.0", 512 * 7 * 7, 4096));
    all.add(Layers.relu());
    all.add(Layers.dropout(0.5));
    all.add(layers.linear("classifier.3", 4096, 4096));
    all.add(Layers.relu());
    all.add(Layers.dropout(0.5));
    all.add(layers.linear("classifier.6", 4096, 1000));
    return Network.of(Layer.sequence(all));
  }
}
