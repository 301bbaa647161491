package dev.convoy.models.zoo;

import dev.convoy.models.Architecture;
import dev.convoy.models.Initialization;
import dev.convoy.models.InputShape;
import dev.convoy.models.ModelArgument;
import dev.convoy.models.ModelSpec;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Densely connected networks for small images (Huang, Liu, van der Maaten, Weinberger 2016,
 * "Densely Connected Convolutional Networks", arXiv:1608.06993, section 3 "Implementation Details"
 * and table 2): a 3x3 convolution, three dense blocks of equal depth, global average pooling and a
 * classifier. The first convolution has 16 channels, in DenseNet-BC twice the growth. Without the
 * dropout that the paper has where data is not augmented.
 *
 * <p>At 3x32x32 and 10 classes DenseNet (depth 40, growth 12) has 1,019,722 parameters, BC (100,
 * 12) 769,162, BC (250, 24) 15,324,406 and BC (190, 40) 25,624,430.
 */
public final class CifarDenseNet implements Architecture {
  private static final int BLOCKS = 3;

  /** What a layer of a block is made of. */
  private enum Kind {
    /** One convolution; transitions keep the channels. */
    PLAIN(1),
    /** Two convolutions, the first 1x1; transitions halve the channels. */
    BOTTLENECK_AND_COMPRESSION(2);

    private final int convolutions;

    Kind(int convolutions) {
      this.convolutions = convolutions;
    }
  }

  private final Kind kind;
  private final int depth;
  private final ModelArgument.WholeNumber growth;

  private CifarDenseNet(Kind kind, int depth, int growth) {
    this.kind = kind;
    this.depth = depth;
    this.growth = DenseNet.growth(growth);
  }

  /** Rows of the paper's table 2. */
  public static List<Architecture> variants() {
    return Stream.<Architecture>of(
            new CifarDenseNet(Kind.PLAIN, 40, 12),
            new CifarDenseNet(Kind.BOTTLENECK_AND_COMPRESSION, 100, 12),
            new CifarDenseNet(Kind.BOTTLENECK_AND_COMPRESSION, 250, 24),
            new CifarDenseNet(Kind.BOTTLENECK_AND_COMPRESSION, 190, 40))
        .toList();
  }

  @Override
  public String name() {
    String compressed = kind == Kind.PLAIN ? "" : "bc_";
    return "densenet_" + compressed + depth + "_" + growth.defaultValue();
  }

  @Override
  public String description() {
    return String.format(
        "DenseNet%s (%d, %d) for CIFAR (Huang et al. 2016, table 2)",
        kind == Kind.PLAIN ? "" : "-BC", depth, growth.defaultValue());
  }

  @Override
  public InputShape defaultInput() {
    return new InputShape(3, 32, 32);
  }

  @Override
  public int defaultClasses() {
    return 10;
  }

  @Override
  public List<ModelArgument> arguments() {
    return List.of(growth);
  }

  /** 4: two transitions leave one pixel. */
  @Override
  public int smallestSide(ModelSpec spec) {
    return 1 << (BLOCKS - 1);
  }

  @Override
  public Initialization initialization(ModelSpec spec) {
    return DenseNet.INITIALIZATION;
  }

  @Override
  public ComputationGraphConfiguration configuration(ModelSpec spec, DataType dataType) {
    GraphLayers layers = new GraphLayers(spec.input(), dataType);
    int added = growth.in(spec);
    DenseBlocks blocks =
        kind == Kind.PLAIN ? DenseBlocks.plain(added) : DenseBlocks.compressed(added);
    int channels = kind == Kind.PLAIN ? 16 : 2 * added;
    // All but the first convolution, the transitions and the classifier.
    int layersPerBlock = (depth - BLOCKS - 1) / BLOCKS / kind.convolutions;
    String at = layers.convolution("conv0", GraphLayers.INPUT, channels, Window.centred(3, 1));
    List<Integer> depths = Collections.nCopies(BLOCKS, layersPerBlock);
    at = blocks.add(layers, at, channels, depths, "", String::valueOf);
    layers.norm("norm5", at);
    layers.relu("relu5", "norm5");
    layers.globalAverage("avgpool", "relu5");
    return layers.classifier("fc", "avgpool", spec.classes());
  }
}
