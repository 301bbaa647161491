package dev.convoy.benchmarks.libtorch;

import java.util.List;
import java.util.function.Function;

/**
 * A network of the benchmark.
 *
 * @param name in Convoy's registry
 * @param channels of its input
 * @param side height and width of its input, in pixels
 * @param classes outputs
 * @param parameters the published number of trainable values
 * @param builder makes it and its weights
 */
record Architecture(
    String name,
    int channels,
    int side,
    int classes,
    long parameters,
    Function<Weights, Network> builder) {

  /** All of them. */
  static final List<Architecture> ALL =
      List.of(
          new Architecture("resnet18", 3, 224, 1000, 11_689_512, ResNet::resnet18),
          new Architecture("resnet50", 3, 224, 1000, 25_557_032, ResNet::resnet50),
          new Architecture("resnext50_32x4d", 3, 224, 1000, 25_028_904, ResNet::resnext50),
          new Architecture("densenet121", 3, 224, 1000, 7_978_856, DenseNet::densenet121),
          new Architecture("vgg16", 3, 224, 1000, 138_357_544, Vgg::vgg16),
          new Architecture("alexnet", 3, 224, 1000, 61_100_840, AlexNet::build),
          new Architecture("googlenet", 3, 224, 1000, 13_004_888, GoogLeNet::new),
          new Architecture("resnet20_cifar", 3, 32, 10, 269_722, CifarResNet::resnet20),
          new Architecture("lenet", 1, 28, 10, 61_706, LeNet::build));

  static Architecture named(String name) {
    return ALL.stream()
        .filter(architecture -> architecture.name.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no model is named '"
                        + name
                        + "'; there are "
                        + ALL.stream().map(Architecture::name).toList()));
  }

  /** The network, its weights added to {@code weights}, which must be empty. */
  Network build(Weights weights) {
    Network network = builder.apply(weights);
    if (weights.count() != parameters) {
      throw new IllegalStateException(
          name + " has " + parameters + " parameters, but " + weights.count() + " were made");
    }
    return network;
  }

  long[] inputShape(int batch) {
    return new long[] {batch, channels, side, side};
  }
}
