package dev.convoy.models.zoo;

import java.util.List;
import java.util.function.IntFunction;

/**
 * Dense blocks (Huang et al. 2016, arXiv:1608.06993, section 3): each layer sees the channels of
 * all before it and adds {@code growth} of its own; between blocks a transition halves the image.
 *
 * @param growth channels that a layer adds
 * @param bottleneck channels of the 1x1 convolution before a layer's 3x3, in growths; 0: there is
 *     none
 * @param divisor what a transition divides the number of channels by
 */
record DenseBlocks(int growth, int bottleneck, int divisor) {

  /** Layers with a bottleneck, transitions that halve the channels too: DenseNet-BC. */
  static DenseBlocks compressed(int growth) {
    return new DenseBlocks(growth, 4, 2);
  }

  /** Neither. */
  static DenseBlocks plain(int growth) {
    return new DenseBlocks(growth, 0, 1);
  }

  /**
   * Blocks and the transitions between them.
   *
   * @param channels of {@code from}
   * @param prefix of all names
   * @param layerNames a layer's name in its block, from its number, counted from 0
   */
  String add(
      GraphLayers layers,
      String from,
      int channels,
      List<Integer> layersPerBlock,
      String prefix,
      IntFunction<String> layerNames) {
    String at = from;
    int width = channels;
    for (int block = 1; block <= layersPerBlock.size(); block++) {
      for (int i = 0; i < layersPerBlock.get(block - 1); i++) {
        at = layer(layers, prefix + "denseblock" + block + "." + layerNames.apply(i), at);
        width += growth;
      }
      if (block < layersPerBlock.size()) {
        width /= divisor;
        at = transition(layers, prefix + "transition" + block, at, width);
      }
    }
    return at;
  }

  private String layer(GraphLayers layers, String name, String from) {
    layers.norm(name + ".norm1", from);
    String at = layers.relu(name + ".relu1", name + ".norm1");
    String last = name + ".conv1";
    if (bottleneck > 0) {
      layers.convolution(name + ".conv1", at, bottleneck * growth, Window.of(1));
      layers.norm(name + ".norm2", name + ".conv1");
      at = layers.relu(name + ".relu2", name + ".norm2");
      last = name + ".conv2";
    }
    layers.convolution(last, at, growth, Window.centred(3, 1));
    return layers.concatenation(name + ".cat", from, last);
  }

  private static String transition(GraphLayers layers, String name, String from, int out) {
    layers.norm(name + ".norm", from);
    layers.relu(name + ".relu", name + ".norm");
    layers.convolution(name + ".conv", name + ".relu", out, Window.of(1));
    return layers.averagePool(name + ".pool", name + ".conv", 2, 2);
  }
}
