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
 * Residual networks with grouped convolutions (Xie, Girshick, Dollar, Tu, He 2016, "Aggregated
 * Residual Transformations for Deep Neural Networks", arXiv:1611.05431): bottlenecks in the form of
 * figure 3c, with projection shortcuts where the shape changes.
 *
 * <p>For large images (table 1; 101 layers as in table 3 and torchvision) with the stem and the
 * four stages of ResNet: at 3x224x224 and 1,000 classes ResNeXt-50 32x4d has 25,028,904 parameters,
 * ResNeXt-101 32x4d 44,177,704, 32x8d 88,791,336 and 64x4d 83,455,272.
 *
 * <p>For small images (section 5.3, table 7) with one 3x3 convolution and three stages of three
 * blocks: at 3x32x32 and 10 classes ResNeXt-29 8x64d has 34,426,698 parameters and 16x64d
 * 68,155,210.
 */
public final class ResNeXt implements Architecture {
  private static final InputShape LARGE = new InputShape(3, 224, 224);
  private static final InputShape SMALL = new InputShape(3, 32, 32);

  private final int depth;
  private final ResidualBlock block;
  private final InputShape published;
  private final List<Integer> blocksPerStage;
  private final ModelArgument.WholeNumber width;

  private ResNeXt(
      int depth, int groups, int groupWidth, InputShape published, Integer... blocksPerStage) {
    this.depth = depth;
    this.block = ResidualBlock.inGroups(groups, groupWidth);
    this.published = published;
    this.blocksPerStage = List.of(blocksPerStage);
    this.width = block.width();
  }

  /** Those of the paper and of torchvision. */
  public static List<Architecture> variants() {
    return Stream.<Architecture>of(
            new ResNeXt(50, 32, 4, LARGE, 3, 4, 6, 3),
            new ResNeXt(101, 32, 4, LARGE, 3, 4, 23, 3),
            new ResNeXt(101, 32, 8, LARGE, 3, 4, 23, 3),
            new ResNeXt(101, 64, 4, LARGE, 3, 4, 23, 3),
            new ResNeXt(29, 8, 64, SMALL, 3, 3, 3),
            new ResNeXt(29, 16, 64, SMALL, 3, 3, 3))
        .toList();
  }

  private String size() {
    return block.groups() + "x" + block.groupWidth() + "d";
  }

  @Override
  public String name() {
    return "resnext" + depth + "_" + size();
  }

  @Override
  public String description() {
    String large =
        depth == 50 ? "(Xie et al. 2016, table 1)" : "(Xie et al. 2016, table 3, and torchvision)";
    String where = published.equals(SMALL) ? "for CIFAR (Xie et al. 2016, section 5.3)" : large;
    return "ResNeXt-" + depth + " " + size() + " " + where;
  }

  @Override
  public InputShape defaultInput() {
    return published;
  }

  @Override
  public int defaultClasses() {
    return published.equals(SMALL) ? 10 : 1000;
  }

  @Override
  public List<ModelArgument> arguments() {
    return List.of(width, ResidualBlock.ZERO_INIT);
  }

  /** 1: every halving rounds up. */
  @Override
  public int smallestSide(ModelSpec spec) {
    return 1;
  }

  @Override
  public Initialization initialization(ModelSpec spec) {
    return block.initialization(Initialization.TORCHVISION_RESNET, spec);
  }

  @Override
  public ComputationGraphConfiguration configuration(ModelSpec spec, DataType dataType) {
    GraphLayers layers = new GraphLayers(spec.input(), dataType);
    String at =
        published.equals(SMALL)
            ? CifarResNet.stem(layers, width.in(spec))
            : ImageNetResNet.stem(layers, width.in(spec));
    at = block.stages(layers, at, width.in(spec), blocksPerStage);
    layers.globalAverage("avgpool", at);
    return layers.classifier("fc", "avgpool", spec.classes());
  }
}
