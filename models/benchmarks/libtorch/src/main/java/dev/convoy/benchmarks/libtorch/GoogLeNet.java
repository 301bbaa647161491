package dev.convoy.benchmarks.libtorch;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * torchvision's GoogLeNet, for {@code [n, 3, 224, 224]}: batch norm after every convolution, 3x3
 * kernels where the paper has 5x5, two auxiliary classifiers in training.
 */
final class GoogLeNet implements Network {
  private static final double EPSILON = 1e-3;
  private static final Window THREE_BY_TWO = new Window(3, 2, 0);

  private final Layers layers;
  private final Layer upTo4a;
  private final Layer from4bTo4d;
  private final Layer from4e;
  private final Layer firstAuxiliary;
  private final Layer secondAuxiliary;

  GoogLeNet(Weights weights) {
    this.layers = new Layers(weights);
    this.upTo4a =
        Layer.sequence(
            convolution("conv1", 3, 64, Window.same(7, 2)),
            Layers.ceilingMaxPool(THREE_BY_TWO),
            convolution("conv2", 64, 64, Window.same(1, 1)),
            convolution("conv3", 64, 192, Window.same(3, 1)),
            Layers.ceilingMaxPool(THREE_BY_TWO),
            inception("inception3a", 192, 64, 96, 128, 16, 32, 32),
            inception("inception3b", 256, 128, 128, 192, 32, 96, 64),
            Layers.ceilingMaxPool(THREE_BY_TWO),
            inception("inception4a", 480, 192, 96, 208, 16, 48, 64));
    this.from4bTo4d =
        Layer.sequence(
            inception("inception4b", 512, 160, 112, 224, 24, 64, 64),
            inception("inception4c", 512, 128, 128, 256, 24, 64, 64),
            inception("inception4d", 512, 112, 144, 288, 32, 64, 64));
    this.from4e =
        Layer.sequence(
            inception("inception4e", 528, 256, 160, 320, 32, 128, 128),
            Layers.ceilingMaxPool(new Window(2, 2, 0)),
            inception("inception5a", 832, 256, 160, 320, 32, 128, 128),
            inception("inception5b", 832, 384, 192, 384, 48, 128, 128),
            Layers.globalAverage(),
            Layers.dropout(0.2),
            layers.linear("fc", 1024, 1000));
    this.firstAuxiliary = auxiliary("aux1", 512);
    this.secondAuxiliary = auxiliary("aux2", 528);
  }

  @Override
  public List<Tensor> logits(Tensor images, Mode mode) {
    List<Tensor> logits = new ArrayList<>();
    try (Tensor at4a = upTo4a.forward(images, mode);
        Tensor at4d = from4bTo4d.forward(at4a, mode)) {
      if (mode.trains()) {
        logits.add(firstAuxiliary.forward(at4a, mode));
        logits.add(secondAuxiliary.forward(at4d, mode));
      }
      logits.add(0, from4e.forward(at4d, mode));
    }
    return logits;
  }

  private Layer convolution(String name, int in, int out, Window window) {
    return Layer.sequence(
        layers.convolution(name + ".conv", in, out, window),
        layers.batchNorm(name + ".bn", out, EPSILON),
        Layers.relu());
  }

  /**
   * Widths in the order of the paper's table 1: 1x1, 3x3 reduced, 3x3, 5x5 reduced, 5x5, pooled.
   */
  private Layer inception(
      String name, int in, int c1, int c3Reduced, int c3, int c5Reduced, int c5, int pooled) {
    List<Layer> branches =
        List.of(
            convolution(name + ".branch1", in, c1, Window.same(1, 1)),
            Layer.sequence(
                convolution(name + ".branch2.0", in, c3Reduced, Window.same(1, 1)),
                convolution(name + ".branch2.1", c3Reduced, c3, Window.same(3, 1))),
            Layer.sequence(
                convolution(name + ".branch3.0", in, c5Reduced, Window.same(1, 1)),
                convolution(name + ".branch3.1", c5Reduced, c5, Window.same(3, 1))),
            Layer.sequence(
                Layers.ceilingMaxPool(Window.same(3, 1)),
                convolution(name + ".branch4.1", in, pooled, Window.same(1, 1))));
    return (x, mode) -> {
      List<Tensor> outputs = branches.stream().map(branch -> branch.forward(x, mode)).toList();
      Tensor joined = Concatenation.of(outputs);
      outputs.forEach(Tensor::close);
      return joined;
    };
  }

  private Layer auxiliary(String name, int in) {
    return Layer.sequence(
        Layers.adaptiveAveragePool(4),
        convolution(name + ".conv", in, 128, Window.same(1, 1)),
        Layers.flatten(),
        layers.linear(name + ".fc1", 2048, 1024),
        Layers.relu(),
        Layers.dropout(0.7),
        layers.linear(name + ".fc2", 1024, 1000));
  }
}
