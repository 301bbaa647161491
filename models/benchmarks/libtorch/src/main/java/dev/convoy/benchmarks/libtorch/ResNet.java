package dev.convoy.benchmarks.libtorch;

import java.util.ArrayList;
import java.util.List;

/**
 * torchvision's ResNets and ResNeXts, for {@code [n, 3, 224, 224]}: the stride of a bottleneck lies
 * on its 3x3 convolution.
 */
final class ResNet {
  private final Layers layers;

  private ResNet(Layers layers) {
    this.layers = layers;
  }

  static Network resnet18(Weights weights) {
    return new ResNet(new Layers(weights)).build(List.of(2, 2, 2, 2), 1, ResNet::basic);
  }

  static Network resnet50(Weights weights) {
    return new ResNet(new Layers(weights))
        .build(List.of(3, 4, 6, 3), 4, (net, block) -> net.bottleneck(block, 1, block.width()));
  }

  static Network resnext50(Weights weights) {
    return new ResNet(new Layers(weights))
        .build(
            List.of(3, 4, 6, 3), 4, (net, block) -> net.bottleneck(block, 32, 2 * block.width()));
  }

  private record Block(String name, int in, int width, int out, int stride) {}

  private interface Branch {
    Layer of(ResNet net, Block block);
  }

  private Network build(List<Integer> depths, int expansion, Branch branch) {
    List<Layer> all = new ArrayList<>();
    all.add(layers.convolution("conv1", 3, 64, Window.same(7, 2)));
    all.add(layers.batchNorm("bn1", 64));
    all.add(Layers.relu());
    all.add(Layers.maxPool(Window.same(3, 2)));
    int in = 64;
    for (int stage = 0; stage < depths.size(); stage++) {
      int width = 64 << stage;
      for (int i = 0; i < depths.get(stage); i++) {
        String name = "layer" + (stage + 1) + "." + i;
        int stride = stage > 0 && i == 0 ? 2 : 1;
        Block block = new Block(name, in, width, width * expansion, stride);
        all.add(new Residual(branch.of(this, block), shortcut(block)));
        in = block.out();
      }
    }
    all.add(Layers.globalAverage());
    all.add(layers.linear("fc", in, 1000));
    return Network.of(Layer.sequence(all));
  }

  private Layer basic(Block block) {
    String name = block.name();
    return Layer.sequence(
        layers.convolution(
            name + ".conv1", block.in(), block.width(), Window.same(3, block.stride())),
        layers.batchNorm(name + ".bn1", block.width()),
        Layers.relu(),
        layers.convolution(name + ".conv2", block.width(), block.out(), Window.same(3, 1)),
        layers.batchNorm(name + ".bn2", block.out()));
  }

  private Layer bottleneck(Block block, int groups, int width) {
    String name = block.name();
    return Layer.sequence(
        layers.convolution(name + ".conv1", block.in(), width, Window.same(1, 1)),
        layers.batchNorm(name + ".bn1", width),
        Layers.relu(),
        layers.groupedConvolution(
            name + ".conv2", width, width, Window.same(3, block.stride()), groups),
        layers.batchNorm(name + ".bn2", width),
        Layers.relu(),
        layers.convolution(name + ".conv3", width, block.out(), Window.same(1, 1)),
        layers.batchNorm(name + ".bn3", block.out()));
  }

  private Layer shortcut(Block block) {
    if (block.in() == block.out() && block.stride() == 1) {
      return Residual.IDENTITY;
    }
    String name = block.name() + ".downsample";
    return Layer.sequence(
        layers.convolution(name + ".0", block.in(), block.out(), Window.same(1, block.stride())),
        layers.batchNorm(name + ".1", block.out()));
  }
}
