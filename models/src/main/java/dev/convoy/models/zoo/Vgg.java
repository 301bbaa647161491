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
 * VGG networks (Simonyan, Zisserman 2014, "Very Deep Convolutional Networks for Large-Scale Image
 * Recognition", arXiv:1409.1556, table 1): five stages of convolutions, 3x3 and in column C some
 * 1x1, each stage closed by a max pooling, then three fully connected layers with dropout. With
 * batch norm after every convolution by option, as torchvision has it. Columns A, B, D and E have
 * torchvision's names, A-LRN and C, which it lacks, the table's. Initial values are torchvision's:
 * those of the paper, 0.01 everywhere, let only column A start.
 *
 * <p>At 3x224x224 and 1,000 classes A has 132,863,336 parameters, A-LRN as many, B 133,047,848, C
 * 133,638,952, D 138,357,544 and E 143,667,240. On images of another size than 224x224 what is left
 * is averaged to 7x7, as in torchvision.
 */
public final class Vgg implements Architecture {
  private static final double DROPOUT = 0.5;
  private static final int POOLED_SIDE = 7;
  private static final int WIDEST = 8;
  private static final ModelArgument.WholeNumber WIDTH =
      new ModelArgument.WholeNumber(
          "width", 64, 1, 1024, "channels of the first stage; doubled in the next three");
  private static final ModelArgument.WholeNumber HIDDEN =
      new ModelArgument.WholeNumber("hidden", 4096, 1, 65536, "units of the two hidden layers");
  private static final ModelArgument.Switch BATCH_NORM =
      new ModelArgument.Switch("batch_norm", 0, "1: a batch norm after every convolution");

  /**
   * A column of table 1.
   *
   * @param kernels of the convolutions of each stage
   * @param normalized whether local response normalisation follows the first convolution
   */
  private record Column(
      String name, String letters, List<List<Integer>> kernels, boolean normalized) {

    static Column of(String name, String letter, Integer... convolutions) {
      return new Column(
          name,
          letter,
          Stream.of(convolutions).map(count -> Collections.nCopies(count, 3)).toList(),
          false);
    }
  }

  private final Column column;
  private final VggNames names;

  private Vgg(Column column, VggNames names) {
    this.column = column;
    this.names = names;
  }

  /** The columns of the paper's table 1. */
  public static List<Architecture> variants() {
    Column a = Column.of("vgg11", "A", 1, 1, 2, 2, 2);
    List<Integer> narrowed = List.of(3, 3, 1);
    List<Integer> pair = List.of(3, 3);
    return Stream.<Architecture>of(
            new Vgg(a, VggNames.TORCHVISION),
            new Vgg(new Column("vgg_a_lrn", "A-LRN", a.kernels(), true), VggNames.NUMBERED),
            new Vgg(Column.of("vgg13", "B", 2, 2, 2, 2, 2), VggNames.TORCHVISION),
            new Vgg(
                new Column("vgg_c", "C", List.of(pair, pair, narrowed, narrowed, narrowed), false),
                VggNames.NUMBERED),
            new Vgg(Column.of("vgg16", "D", 2, 2, 3, 3, 3), VggNames.TORCHVISION),
            new Vgg(Column.of("vgg19", "E", 2, 2, 4, 4, 4), VggNames.TORCHVISION))
        .toList();
  }

  @Override
  public String name() {
    return column.name();
  }

  @Override
  public String description() {
    int weighted = 3 + column.kernels().stream().mapToInt(List::size).sum();
    return String.format(
        "VGG-%d (Simonyan and Zisserman 2014, table 1, column %s)", weighted, column.letters());
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
    return column.normalized() ? List.of(WIDTH, HIDDEN) : List.of(WIDTH, HIDDEN, BATCH_NORM);
  }

  /** 32: five poolings leave one pixel. */
  @Override
  public int smallestSide(ModelSpec spec) {
    return 1 << column.kernels().size();
  }

  @Override
  public Initialization initialization(ModelSpec spec) {
    return Initialization.TORCHVISION_VGG;
  }

  @Override
  public ComputationGraphConfiguration configuration(ModelSpec spec, DataType dataType) {
    GraphLayers layers = new GraphLayers(spec.input(), dataType);
    boolean batchNorm = !column.normalized() && BATCH_NORM.isOn(spec);
    VggNames.Features features = names.features();
    String at = GraphLayers.INPUT;
    for (int stage = 0; stage < column.kernels().size(); stage++) {
      int channels = WIDTH.in(spec) * Math.min(1 << stage, WIDEST);
      for (int kernel : column.kernels().get(stage)) {
        Window window = Window.centred(kernel, 1);
        boolean first = at.equals(GraphLayers.INPUT);
        at = layers.biasedConvolution(features.convolution(), at, channels, window);
        if (batchNorm) {
          at = layers.norm(features.norm(), at);
        }
        at = layers.relu(features.other("relu"), at);
        if (first && column.normalized()) {
          at = layers.localResponseNorm(features.other("lrn"), at);
        }
      }
      at = layers.maxPool(features.other("pool"), at, new Window(2, 2, 0));
    }
    at = layers.adaptiveAverage("avgpool", at, POOLED_SIDE);
    for (int hidden = 1; hidden <= 2; hidden++) {
      String dense = layers.dense(names.dense(hidden), at, HIDDEN.in(spec));
      at = layers.dropout("dropout" + hidden, layers.relu("hidden" + hidden, dense), DROPOUT);
    }
    return layers.classifier(names.dense(3), at, spec.classes());
  }
}
