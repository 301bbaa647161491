package dev.convoy.models.zoo;

import dev.convoy.models.Architecture;
import dev.convoy.models.DecimalArgument;
import dev.convoy.models.InputShape;
import dev.convoy.models.ModelArgument;
import dev.convoy.models.ModelSpec;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Residual networks for large images (He, Zhang, Ren, Sun 2015, "Deep Residual Learning for Image
 * Recognition", arXiv:1512.03385, table 1) and their form with grouped convolutions (Xie et al.
 * 2016, "Aggregated Residual Transformations for Deep Neural Networks", arXiv:1611.05431, table 1):
 * a 7x7 convolution and a max pooling, four stages of residual blocks, global average pooling and a
 * classifier. As in torchvision: shortcuts are 1x1 convolutions where the shape changes (option B),
 * and a bottleneck that halves the image does so in its 3x3 convolution, or in its first 1x1, as in
 * the paper and in Keras.
 */
public final class ImageNetResNet implements Architecture {

  private static final ModelArgument STRIDE_IN_1X1 =
      new ModelArgument(
          "stride_in_1x1",
          0,
          0,
          1,
          "1: bottlenecks halve the image in their first 1x1 convolution");
  private static final DecimalArgument NORM_EPSILON =
      new DecimalArgument(
          "norm_epsilon", 1e-5, 1e-12, 1, "what batch norms add to the variance before the root");

  /** The residual branch of a block; its output has {@code expansion} times the stage's width. */
  private enum Block {
    /** Two 3x3 convolutions. */
    BASIC(1),
    /** 1x1, 3x3 in groups, 1x1. */
    BOTTLENECK(4);

    private final int expansion;

    Block(int expansion) {
      this.expansion = expansion;
    }
  }

  private final String name;
  private final String description;
  private final Block block;
  private final List<Integer> blocksPerStage;
  private final int groups;
  private final int groupWidth;
  private final ModelArgument width;

  /**
   * @param groupWidth channels of each group of a bottleneck in the first stage, at width 64
   */
  private ImageNetResNet(
      String name,
      String description,
      Block block,
      List<Integer> blocksPerStage,
      int groups,
      int groupWidth) {
    this.name = name;
    this.description = description;
    this.block = block;
    this.blocksPerStage = blocksPerStage;
    this.groups = groups;
    this.groupWidth = groupWidth;
    // Fewer would leave a group without a channel.
    int smallest = Math.max(2, 64 / groupWidth);
    this.width =
        new ModelArgument(
            "width", 64, smallest, 1024, "channels of the first stage; doubled in each next");
  }

  /** ResNet-18, 34, 50 and ResNeXt-50. */
  public static List<Architecture> variants() {
    return Stream.<Architecture>of(
            plain(18, Block.BASIC, 2, 2, 2, 2),
            plain(34, Block.BASIC, 3, 4, 6, 3),
            plain(50, Block.BOTTLENECK, 3, 4, 6, 3),
            aggregated(50, 32, 4, 3, 4, 6, 3))
        .toList();
  }

  private static ImageNetResNet plain(int depth, Block block, Integer... blocksPerStage) {
    return new ImageNetResNet(
        "resnet" + depth,
        "ResNet-" + depth + " (He et al. 2015, table 1)",
        block,
        List.of(blocksPerStage),
        1,
        64);
  }

  private static ImageNetResNet aggregated(
      int depth, int groups, int groupWidth, Integer... blocksPerStage) {
    return new ImageNetResNet(
        "resnext" + depth + "_" + groups + "x" + groupWidth + "d",
        String.format("ResNeXt-%d %dx%dd (Xie et al. 2016, table 1)", depth, groups, groupWidth),
        Block.BOTTLENECK,
        List.of(blocksPerStage),
        groups,
        groupWidth);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String description() {
    return description;
  }

  @Override
  public InputShape defaultInput() {
    return new InputShape(3, 224, 224);
  }

  @Override
  public int defaultClasses() {
    return 1000;
  }

  @Override
  public List<ModelArgument> arguments() {
    return block == Block.BOTTLENECK ? List.of(width, STRIDE_IN_1X1) : List.of(width);
  }

  @Override
  public List<DecimalArgument> decimals() {
    return List.of(NORM_EPSILON);
  }

  /** 1: every halving rounds up. */
  @Override
  public int smallestSide() {
    return 1;
  }

  @Override
  public ComputationGraphConfiguration configuration(ModelSpec spec, DataType dataType) {
    GraphLayers layers = new GraphLayers(spec.input(), dataType, NORM_EPSILON.in(spec));
    int stageWidth = width.in(spec);
    layers.convolution("conv1", GraphLayers.INPUT, stageWidth, Window.centred(7, 2));
    layers.norm("bn1", "conv1");
    layers.relu("relu", "bn1");
    String at = layers.maxPool("maxpool", "relu", Window.centred(3, 2));
    int channels = stageWidth;
    for (int stage = 1; stage <= blocksPerStage.size(); stage++) {
      for (int i = 0; i < blocksPerStage.get(stage - 1); i++) {
        String blockName = "layer" + stage + "." + i;
        int stride = stage > 1 && i == 0 ? 2 : 1;
        String shortcut = at;
        if (stride > 1 || channels != stageWidth * block.expansion) {
          shortcut = projection(layers, blockName, at, stageWidth * block.expansion, stride);
        }
        String branch =
            block == Block.BASIC
                ? basic(layers, blockName, at, stageWidth, stride)
                : bottleneck(
                    layers, blockName, at, stageWidth, stride, STRIDE_IN_1X1.in(spec) == 1);
        at = layers.relu(blockName + ".relu", layers.sum(blockName + ".add", branch, shortcut));
        channels = stageWidth * block.expansion;
      }
      stageWidth *= 2;
    }
    layers.globalAverage("avgpool", at);
    return layers.classifier("fc", "avgpool", spec.classes());
  }

  private static String basic(
      GraphLayers layers, String name, String from, int stageWidth, int stride) {
    layers.convolution(name + ".conv1", from, stageWidth, Window.centred(3, stride));
    layers.norm(name + ".bn1", name + ".conv1");
    layers.relu(name + ".relu1", name + ".bn1");
    layers.convolution(name + ".conv2", name + ".relu1", stageWidth, Window.centred(3, 1));
    return layers.norm(name + ".bn2", name + ".conv2");
  }

  private String bottleneck(
      GraphLayers layers,
      String name,
      String from,
      int stageWidth,
      int stride,
      boolean strideIn1x1) {
    int inner = stageWidth * groupWidth / 64 * groups;
    layers.convolution(name + ".conv1", from, inner, new Window(1, strideIn1x1 ? stride : 1, 0));
    layers.norm(name + ".bn1", name + ".conv1");
    layers.relu(name + ".relu1", name + ".bn1");
    layers.groupedConvolution(
        name + ".conv2",
        name + ".relu1",
        inner,
        groups,
        Window.centred(3, strideIn1x1 ? 1 : stride));
    layers.norm(name + ".bn2", name + ".conv2");
    layers.relu(name + ".relu2", name + ".bn2");
    layers.convolution(
        name + ".conv3", name + ".relu2", stageWidth * block.expansion, Window.of(1));
    return layers.norm(name + ".bn3", name + ".conv3");
  }

  private static String projection(
      GraphLayers layers, String name, String from, int out, int stride) {
    String convolution =
        layers.convolution(name + ".downsample.0", from, out, new Window(1, stride, 0));
    return layers.norm(name + ".downsample.1", convolution);
  }
}
