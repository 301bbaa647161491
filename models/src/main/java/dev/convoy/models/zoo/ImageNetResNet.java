package dev.convoy.models.zoo;

import dev.convoy.models.Architecture;
import dev.convoy.models.Initialization;
import dev.convoy.models.InputShape;
import dev.convoy.models.ModelArgument;
import dev.convoy.models.ModelSpec;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Residual networks for large images (He, Zhang, Ren, Sun 2015, "Deep Residual Learning for Image
 * Recognition", arXiv:1512.03385, table 1): a 7x7 convolution and a max pooling, four stages of
 * residual blocks, global average pooling and a classifier. Shortcuts are 1x1 convolutions where
 * the shape changes (option B). A bottleneck that halves the image does so in its 3x3 convolution,
 * as torchvision's, or in its first 1x1, as the paper's and Keras'. Initial values are
 * torchvision's.
 *
 * <p>At 3x224x224 and 1,000 classes ResNet-18 has 11,689,512 parameters, ResNet-34 21,797,672,
 * ResNet-50 25,557,032, ResNet-101 44,549,160 and ResNet-152 60,192,808.
 */
public final class ImageNetResNet implements Architecture {
  private static final ModelArgument.Switch STRIDE_IN_1X1 =
      new ModelArgument.Switch(
          "stride_in_1x1", 0, "1: bottlenecks halve the image in their first 1x1 convolution");
  private static final ModelArgument.Decimal NORM_EPSILON =
      new ModelArgument.Decimal(
          "norm_epsilon", 1e-5, 1e-12, 1, "what batch norms add to the variance before the root");

  private final int depth;
  private final ResidualBlock.Kind kind;
  private final List<Integer> blocksPerStage;
  private final ModelArgument.WholeNumber width = ResidualBlock.BASIC.width();

  private ImageNetResNet(int depth, ResidualBlock.Kind kind, Integer... blocksPerStage) {
    this.depth = depth;
    this.kind = kind;
    this.blocksPerStage = List.of(blocksPerStage);
  }

  /** The columns of the paper's table 1. */
  public static List<Architecture> variants() {
    return Stream.<Architecture>of(
            new ImageNetResNet(18, ResidualBlock.Kind.BASIC, 2, 2, 2, 2),
            new ImageNetResNet(34, ResidualBlock.Kind.BASIC, 3, 4, 6, 3),
            new ImageNetResNet(50, ResidualBlock.Kind.BOTTLENECK, 3, 4, 6, 3),
            new ImageNetResNet(101, ResidualBlock.Kind.BOTTLENECK, 3, 4, 23, 3),
            new ImageNetResNet(152, ResidualBlock.Kind.BOTTLENECK, 3, 8, 36, 3))
        .toList();
  }

  @Override
  public String name() {
    return "resnet" + depth;
  }

  @Override
  public String description() {
    return "ResNet-" + depth + " (He et al. 2015, table 1)";
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
    return kind == ResidualBlock.Kind.BASIC
        ? List.of(width, ResidualBlock.ZERO_INIT, NORM_EPSILON)
        : List.of(width, ResidualBlock.ZERO_INIT, STRIDE_IN_1X1, NORM_EPSILON);
  }

  /** 1: every halving rounds up. */
  @Override
  public int smallestSide(ModelSpec spec) {
    return 1;
  }

  @Override
  public Initialization initialization(ModelSpec spec) {
    return block(spec).initialization(Initialization.TORCHVISION_RESNET, spec);
  }

  @Override
  public ComputationGraphConfiguration configuration(ModelSpec spec, DataType dataType) {
    GraphLayers layers = new GraphLayers(spec.input(), dataType, NORM_EPSILON.in(spec));
    String at = stem(layers, width.in(spec));
    at = block(spec).stages(layers, at, width.in(spec), blocksPerStage);
    layers.globalAverage("avgpool", at);
    return layers.classifier("fc", "avgpool", spec.classes());
  }

  private ResidualBlock block(ModelSpec spec) {
    if (kind == ResidualBlock.Kind.BASIC) {
      return ResidualBlock.BASIC;
    }
    return ResidualBlock.bottleneck(
        STRIDE_IN_1X1.isOn(spec) ? ResidualBlock.Halving.IN_1X1 : ResidualBlock.Halving.IN_3X3);
  }

  /** What all of table 1 begin with: a quarter of the image's height and width are left. */
  static String stem(GraphLayers layers, int width) {
    layers.convolution("conv1", GraphLayers.INPUT, width, Window.centred(7, 2));
    layers.norm("bn1", "conv1");
    layers.relu("relu", "bn1");
    return layers.maxPool("maxpool", "relu", Window.centred(3, 2));
  }
}
