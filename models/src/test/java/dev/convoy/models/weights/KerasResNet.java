package dev.convoy.models.weights;

import dev.convoy.models.state.NamedTensor;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The tensors of Keras' ResNet-50, 32 times narrower than it is, with three classes; every value
 * tells where it was.
 */
final class KerasResNet {

  /** Channels of the first stage. */
  static final int WIDTH = 2;

  private static final int[] BLOCKS = {3, 4, 6, 3};

  private final boolean old;
  private final SortedMap<String, NamedTensor> tensors = new TreeMap<>();

  private KerasResNet(boolean old) {
    this.old = old;
  }

  /** With Keras' names up to 2.2. */
  static WeightFile oldNames(Optional<KerasTopology> topology) {
    return new WeightFile(WeightFormat.KERAS_TFJS, new KerasResNet(true).fill(), topology);
  }

  /** With Keras' names from 2.3 on. */
  static WeightFile newNames(Optional<KerasTopology> topology) {
    return new WeightFile(WeightFormat.KERAS_HDF5, new KerasResNet(false).fill(), topology);
  }

  /** One stride and one epsilon, as Keras' configuration would say them. */
  static KerasTopology topology(int first, int second, double epsilon) {
    return new KerasTopology(
        new TreeMap<>(Map.of("bn3a_branch2a", epsilon)),
        new TreeMap<>(Map.of("res3a_branch2a", first, "res3a_branch2b", second)),
        false);
  }

  private SortedMap<String, NamedTensor> fill() {
    layer(old ? "conv1" : "conv1_conv", old ? "bn_conv1" : "conv1_bn", 7, 3, WIDTH);
    int in = WIDTH;
    for (int stage = 0; stage < BLOCKS.length; stage++) {
      int width = WIDTH << stage;
      for (int block = 0; block < BLOCKS[stage]; block++) {
        if (block == 0) {
          layer(stage, block, 0, 1, in, 4 * width);
        }
        layer(stage, block, 1, 1, in, width);
        layer(stage, block, 2, 3, width, width);
        layer(stage, block, 3, 1, width, 4 * width);
        in = 4 * width;
      }
    }
    add(old ? "fc1000/kernel" : "predictions/kernel", in, 3);
    add(old ? "fc1000/bias" : "predictions/bias", 3);
    return tensors;
  }

  private void layer(int stage, int block, int inner, int kernel, int in, int out) {
    if (old) {
      String suffix =
          (stage + 2)
              + String.valueOf((char) ('a' + block))
              + "_branch"
              + (inner == 0 ? "1" : "2" + (char) ('a' + inner - 1));
      layer("res" + suffix, "bn" + suffix, kernel, in, out);
    } else {
      String prefix = "conv" + (stage + 2) + "_block" + (block + 1) + "_" + inner;
      layer(prefix + "_conv", prefix + "_bn", kernel, in, out);
    }
  }

  private void layer(String convolution, String norm, int kernel, int in, int out) {
    add(convolution + "/kernel", kernel, kernel, in, out);
    add(convolution + "/bias", out);
    add(norm + "/gamma", out);
    add(norm + "/beta", out);
    add(norm + "/moving_mean", out);
    add(norm + "/moving_variance", out);
  }

  private void add(String name, int... shape) {
    int elements = 1;
    for (int size : shape) {
      elements *= size;
    }
    float[] values = new float[elements];
    float begin = Math.floorMod(name.hashCode(), 1000);
    for (int i = 0; i < elements; i++) {
      values[i] = begin + i / 8f;
    }
    tensors.put(name, new NamedTensor(shape, values));
  }
}
