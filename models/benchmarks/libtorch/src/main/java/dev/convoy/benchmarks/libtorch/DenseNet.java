package dev.convoy.benchmarks.libtorch;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** torchvision's DenseNet-121 (growth 32, compression a half), for {@code [n, 3, 224, 224]}. */
final class DenseNet {
  private static final int GROWTH = 32;
  private static final int[] DEPTHS_OF_121 = {6, 12, 24, 16};

  private final Layers layers;

  private DenseNet(Layers layers) {
    this.layers = layers;
  }

  static Network densenet121(Weights weights) {
    return new DenseNet(new Layers(weights)).build(DEPTHS_OF_121);
  }

  private Network build(int... depths) {
    List<Layer> all = new ArrayList<>();
    int channels = 2 * GROWTH;
    all.add(layers.convolution("features.conv0", 3, channels, Window.same(7, 2)));
    all.add(layers.batchNorm("features.norm0", channels));
    all.add(Layers.relu());
    all.add(Layers.maxPool(Window.same(3, 2)));
    for (int block = 1; block <= depths.length; block++) {
      all.add(denseBlock("features.denseblock" + block, channels, depths[block - 1]));
      channels += depths[block - 1] * GROWTH;
      if (block < depths.length) {
        all.add(transition("features.transition" + block, channels));
        channels /= 2;
      }
    }
    all.add(layers.batchNorm("features.norm5", channels));
    all.add(Layers.relu());
    all.add(Layers.globalAverage());
    all.add(layers.linear("classifier", channels, 1000));
    return Network.of(Layer.sequence(all));
  }

  /** Each layer sees its block's input and all layers before it, joined anew. */
  private Layer denseBlock(String name, int in, int depth) {
    List<Layer> members = new ArrayList<>();
    for (int i = 0; i < depth; i++) {
      members.add(denseLayer(name + ".denselayer" + (i + 1), in + i * GROWTH));
    }
    return (x, mode) -> {
      List<Tensor> features = new ArrayList<>(List.of(x));
      for (Layer member : members) {
        try (Tensor joined = Concatenation.of(features)) {
          features.add(member.forward(joined, mode));
        }
      }
      Tensor joined = Concatenation.of(features);
      features.subList(1, features.size()).forEach(Tensor::close);
      return joined;
    };
  }

  private Layer denseLayer(String name, int in) {
    return Layer.sequence(
        layers.batchNorm(name + ".norm1", in),
        Layers.relu(),
        layers.convolution(name + ".conv1", in, 4 * GROWTH, Window.same(1, 1)),
        layers.batchNorm(name + ".norm2", 4 * GROWTH),
        Layers.relu(),
        layers.convolution(name + ".conv2", 4 * GROWTH, GROWTH, Window.same(3, 1)));
  }

  private Layer transition(String name, int in) {
    return Layer.sequence(
        layers.batchNorm(name + ".norm", in),
        Layers.relu(),
        layers.convolution(name + ".conv", in, in / 2, Window.same(1, 1)),
        Layers.averagePool(new Window(2, 2, 0)));
  }
}
