package dev.convoy.benchmarks.libtorch;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * ResNet-20 for {@code [n, 3, 32, 32]} (He et al. 2015, arXiv:1512.03385, section 4.2) with option
 * A shortcuts, as in Convoy's registry.
 */
final class CifarResNet {
  private static final int BLOCKS = 3;
  private static final int HEIGHT = 2;
  private static final int WIDTH = 3;

  private CifarResNet() {}

  static Network resnet20(Weights weights) {
    Layers layers = new Layers(weights);
    List<Layer> all = new ArrayList<>();
    all.add(layers.convolution("conv1", 3, 16, Window.same(3, 1)));
    all.add(layers.batchNorm("bn1", 16));
    all.add(Layers.relu());
    int in = 16;
    for (int stage = 1; stage <= 3; stage++) {
      int out = 8 << stage;
      for (int i = 0; i < BLOCKS; i++) {
        all.add(block(layers, "layer" + stage + "." + i, in, out));
        in = out;
      }
    }
    all.add(Layers.globalAverage());
    all.add(layers.linear("fc", in, 10));
    return Network.of(Layer.sequence(all));
  }

  private static Layer block(Layers layers, String name, int in, int out) {
    int stride = in == out ? 1 : 2;
    Layer branch =
        Layer.sequence(
            layers.convolution(name + ".conv1", in, out, Window.same(3, stride)),
            layers.batchNorm(name + ".bn1", out),
            Layers.relu(),
            layers.convolution(name + ".conv2", out, out, Window.same(3, 1)),
            layers.batchNorm(name + ".bn2", out));
    return new Residual(branch, in == out ? Residual.IDENTITY : everySecondPixel(out - in));
  }

  /** Every second pixel, and zero channels: half of them before, half after. */
  private static Layer everySecondPixel(int channels) {
    long[] padding = {0, 0, 0, 0, channels / 2, channels - channels / 2};
    LongOptional all = new LongOptional();
    return (x, mode) -> {
      try (Tensor rows = torch.slice(x, HEIGHT, all, all, 2);
          Tensor pixels = torch.slice(rows, WIDTH, all, all, 2)) {
        return torch.constant_pad_nd(pixels, padding);
      }
    };
  }
}
