package dev.convoy.models.zoo;

import dev.convoy.models.InitialDistribution;
import dev.convoy.models.Initialization;
import dev.convoy.models.ModelArgument;
import dev.convoy.models.ModelSpec;
import java.util.List;

/**
 * A residual block (He et al. 2015, arXiv:1512.03385, figure 5) and stages of it, named as
 * torchvision's.
 *
 * @param kind of its residual branch
 * @param groups of the bottleneck's 3x3 convolution
 * @param groupWidth channels of each group of a bottleneck in the first stage, at width 64
 * @param halving where a bottleneck that halves the image has its stride
 */
record ResidualBlock(Kind kind, int groups, int groupWidth, Halving halving) {

  /** The residual branch; its output has {@code expansion} times the stage's width. */
  enum Kind {
    /** Two 3x3 convolutions. */
    BASIC(1),
    /** 1x1, 3x3 in groups, 1x1. */
    BOTTLENECK(4);

    private final int expansion;

    Kind(int expansion) {
      this.expansion = expansion;
    }
  }

  /** Which convolution of a bottleneck has the stride. */
  enum Halving {
    /** The first 1x1, as in the paper and in Keras. */
    IN_1X1,
    /** The 3x3, as in torchvision: no pixel is skipped. */
    IN_3X3
  }

  static final ModelArgument.Switch ZERO_INIT =
      new ModelArgument.Switch(
          "zero_init_residual",
          0,
          "1: the scale of each residual branch's last batch norm starts at 0, so that blocks start"
              + " as identities (Goyal et al. 2017, arXiv:1706.02677, section 5.1)");

  static final ResidualBlock BASIC = new ResidualBlock(Kind.BASIC, 1, 64, Halving.IN_3X3);

  static ResidualBlock bottleneck(Halving halving) {
    return new ResidualBlock(Kind.BOTTLENECK, 1, 64, halving);
  }

  static ResidualBlock inGroups(int groups, int groupWidth) {
    return new ResidualBlock(Kind.BOTTLENECK, groups, groupWidth, Halving.IN_3X3);
  }

  /** The width of the first stage; fewer than the smallest would leave a group without channel. */
  ModelArgument.WholeNumber width() {
    return new ModelArgument.WholeNumber(
        "width",
        64,
        Math.max(2, 64 / groupWidth),
        1024,
        "channels of the first stage; doubled in each next");
  }

  /** The initialisation, where {@link #ZERO_INIT} is an argument. */
  Initialization initialization(Initialization usual, ModelSpec spec) {
    String last = kind == Kind.BASIC ? "bn2" : "bn3";
    return ZERO_INIT.isOn(spec)
        ? usual.except(
            "layer\\d+\\.\\d+\\." + last + "\\.weight", new InitialDistribution.Constant(0))
        : usual;
  }

  /**
   * Stages "layer1", "layer2", ..., each but the first halving the image and doubling the width.
   *
   * @param width channels of {@code from}, and the first stage's width
   */
  String stages(GraphLayers layers, String from, int width, List<Integer> blocksPerStage) {
    String at = from;
    int channels = width;
    int stageWidth = width;
    for (int stage = 1; stage <= blocksPerStage.size(); stage++) {
      int out = stageWidth * kind.expansion;
      for (int i = 0; i < blocksPerStage.get(stage - 1); i++) {
        String name = "layer" + stage + "." + i;
        int stride = stage > 1 && i == 0 ? 2 : 1;
        String shortcut =
            stride > 1 || channels != out ? projection(layers, name, at, out, stride) : at;
        String branch = branch(layers, name, at, stageWidth, stride);
        at = layers.relu(name + ".relu", layers.sum(name + ".add", branch, shortcut));
        channels = out;
      }
      stageWidth *= 2;
    }
    return at;
  }

  private String branch(GraphLayers layers, String name, String from, int stageWidth, int stride) {
    return kind == Kind.BASIC
        ? basic(layers, name, from, stageWidth, stride)
        : bottleneck(layers, name, from, stageWidth, stride);
  }

  /** The branch of two 3x3 convolutions, up to its last batch norm. */
  static String basic(GraphLayers layers, String name, String from, int width, int stride) {
    layers.convolution(name + ".conv1", from, width, Window.centred(3, stride));
    layers.norm(name + ".bn1", name + ".conv1");
    layers.relu(name + ".relu1", name + ".bn1");
    layers.convolution(name + ".conv2", name + ".relu1", width, Window.centred(3, 1));
    return layers.norm(name + ".bn2", name + ".conv2");
  }

  private String bottleneck(
      GraphLayers layers, String name, String from, int stageWidth, int stride) {
    int inner = stageWidth * groupWidth / 64 * groups;
    int first = halving == Halving.IN_1X1 ? stride : 1;
    layers.convolution(name + ".conv1", from, inner, new Window(1, first, 0));
    layers.norm(name + ".bn1", name + ".conv1");
    layers.relu(name + ".relu1", name + ".bn1");
    layers.groupedConvolution(
        name + ".conv2", name + ".relu1", inner, groups, Window.centred(3, stride / first));
    layers.norm(name + ".bn2", name + ".conv2");
    layers.relu(name + ".relu2", name + ".bn2");
    layers.convolution(name + ".conv3", name + ".relu2", stageWidth * kind.expansion, Window.of(1));
    return layers.norm(name + ".bn3", name + ".conv3");
  }

  /** A shortcut of option B: 1x1 convolution and batch norm. */
  static String projection(GraphLayers layers, String name, String from, int out, int stride) {
    layers.convolution(name + ".downsample.0", from, out, new Window(1, stride, 0));
    return layers.norm(name + ".downsample.1", name + ".downsample.0");
  }
}
