package dev.convoy.models.zoo;

import dev.convoy.models.Architecture;
import dev.convoy.models.InitialDistribution.Constant;
import dev.convoy.models.InitialDistribution.Fan;
import dev.convoy.models.InitialDistribution.FanInUniform;
import dev.convoy.models.InitialDistribution.HeNormal;
import dev.convoy.models.Initialization;
import dev.convoy.models.InputShape;
import dev.convoy.models.ModelArgument;
import dev.convoy.models.ModelSpec;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Densely connected networks for large images, DenseNet-BC (Huang, Liu, van der Maaten, Weinberger
 * 2016, "Densely Connected Convolutional Networks", arXiv:1608.06993, table 1): a 7x7 convolution
 * and a max pooling, four dense blocks, global average pooling and a classifier. Names and initial
 * values are torchvision's; so is DenseNet-161 with growth 48, which table 1 no longer has.
 *
 * <p>At 3x224x224 and 1,000 classes DenseNet-121 has 7,978,856 parameters, 161 28,681,000, 169
 * 14,149,480, 201 20,013,928 and 264 33,337,704.
 */
public final class DenseNet implements Architecture {
  /** He normal with fan-in, the classifier's weights as PyTorch's. */
  static final Initialization INITIALIZATION =
      Initialization.of(
          new HeNormal(Fan.IN), new Constant(0), new FanInUniform(1), new Constant(0));

  private final int depth;
  private final List<Integer> layersPerBlock;
  private final ModelArgument.WholeNumber growth;

  private DenseNet(int depth, int growth, Integer... layersPerBlock) {
    this.depth = depth;
    this.layersPerBlock = List.of(layersPerBlock);
    this.growth = growth(growth);
  }

  static ModelArgument.WholeNumber growth(int usual) {
    return new ModelArgument.WholeNumber("growth", usual, 1, 1024, "channels that each layer adds");
  }

  /** The columns of the paper's table 1, and DenseNet-161. */
  public static List<Architecture> variants() {
    return Stream.<Architecture>of(
            new DenseNet(121, 32, 6, 12, 24, 16),
            new DenseNet(161, 48, 6, 12, 36, 24),
            new DenseNet(169, 32, 6, 12, 32, 32),
            new DenseNet(201, 32, 6, 12, 48, 32),
            new DenseNet(264, 32, 6, 12, 64, 48))
        .toList();
  }

  @Override
  public String name() {
    return "densenet" + depth;
  }

  @Override
  public String description() {
    String where = depth == 161 ? "torchvision's, growth 48" : "Huang et al. 2016, table 1";
    return "DenseNet-BC-" + depth + " (" + where + ")";
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
    return List.of(growth);
  }

  /** 29: 8 pixels after the first pooling, which three transitions halve to 1. */
  @Override
  public int smallestSide(ModelSpec spec) {
    return 29;
  }

  @Override
  public Initialization initialization(ModelSpec spec) {
    return INITIALIZATION;
  }

  @Override
  public ComputationGraphConfiguration configuration(ModelSpec spec, DataType dataType) {
    GraphLayers layers = new GraphLayers(spec.input(), dataType);
    DenseBlocks blocks = DenseBlocks.compressed(growth.in(spec));
    int channels = 2 * blocks.growth();
    layers.convolution("features.conv0", GraphLayers.INPUT, channels, Window.centred(7, 2));
    layers.norm("features.norm0", "features.conv0");
    layers.relu("features.relu0", "features.norm0");
    String at = layers.maxPool("features.pool0", "features.relu0", Window.centred(3, 2));
    at = blocks.add(layers, at, channels, layersPerBlock, "features.", i -> "denselayer" + (i + 1));
    layers.norm("features.norm5", at);
    layers.relu("features.relu5", "features.norm5");
    layers.globalAverage("avgpool", "features.relu5");
    return layers.classifier("classifier", "avgpool", spec.classes());
  }
}
