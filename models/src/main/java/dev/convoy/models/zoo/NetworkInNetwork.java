package dev.convoy.models.zoo;

import dev.convoy.models.Architecture;
import dev.convoy.models.InitialDistribution;
import dev.convoy.models.Initialization;
import dev.convoy.models.InputShape;
import dev.convoy.models.ModelArgument;
import dev.convoy.models.ModelSpec;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Network in Network (Lin, Chen, Yan 2013, "Network In Network", arXiv:1312.4400, sections 3 and 4,
 * figure 2): blocks of a convolution and two 1x1 convolutions, each with ReLU, and poolings that
 * round up between them; the last block has a channel for each class, whose average over the image
 * goes into the softmax. There is no fully connected layer. Widths and windows, which the paper
 * leaves out, are those of its authors' Caffe models for CIFAR-10 and ImageNet.
 *
 * <p>Weights are He normal: the authors' constants are made for pixels up to 255. The last layer's
 * biases start at 1, which gives its ReLUs positive inputs (as Krizhevsky, Sutskever, Hinton 2012
 * do in section 5): started at 0, at a quarter of the width all of them died with two of six seeds,
 * and every image gets the same answer.
 *
 * <p>At 3x32x32 and 10 classes it has 966,986 parameters; for ImageNet, at 3x224x224 and 1,000
 * classes, 7,595,176.
 */
public final class NetworkInNetwork implements Architecture {
  private static final double DROPOUT = 0.5;
  private static final Window HALVING = new Window(3, 2, 0);

  /** What follows a block. */
  private enum Pooling {
    MAX,
    MAX_AND_DROPOUT,
    AVERAGE_AND_DROPOUT,
    NONE
  }

  /**
   * One block.
   *
   * @param first channels of the convolution
   * @param second channels of the first 1x1
   * @param third channels of the second 1x1; {@link #CLASSES}: as many as there are classes
   */
  private record Block(Window window, int first, int second, int third, Pooling pooling) {}

  private static final int CLASSES = 0;

  private final String name;
  private final String description;
  private final InputShape published;
  private final int classes;
  private final int smallest;
  private final List<Block> blocks;
  private final ModelArgument.WholeNumber width;

  private NetworkInNetwork(
      String name,
      String description,
      InputShape published,
      int classes,
      int smallest,
      List<Block> blocks) {
    this.name = name;
    this.description = description;
    this.published = published;
    this.classes = classes;
    this.smallest = smallest;
    this.blocks = blocks;
    this.width =
        new ModelArgument.WholeNumber(
            "width",
            blocks.get(0).first(),
            2,
            2048,
            "channels of the first convolution; the others in proportion");
  }

  /** For CIFAR and for ImageNet. */
  public static List<Architecture> variants() {
    return List.of(
        new NetworkInNetwork(
            "nin_cifar",
            "Network in Network for CIFAR (Lin et al. 2013, section 4)",
            new InputShape(3, 32, 32),
            10,
            4, // pooled to 2 and to 1
            List.of(
                new Block(Window.centred(5, 1), 192, 160, 96, Pooling.MAX_AND_DROPOUT),
                new Block(Window.centred(5, 1), 192, 192, 192, Pooling.AVERAGE_AND_DROPOUT),
                new Block(Window.centred(3, 1), 192, 192, CLASSES, Pooling.NONE))),
        new NetworkInNetwork(
            "nin_imagenet",
            "Network in Network for ImageNet (Lin et al. 2013, its authors' Caffe model)",
            new InputShape(3, 224, 224),
            1000,
            39, // 8 pixels after the first convolution, pooled to 4, 2 and 1
            List.of(
                new Block(new Window(11, 4, 0), 96, 96, 96, Pooling.MAX),
                new Block(Window.centred(5, 1), 256, 256, 256, Pooling.MAX),
                new Block(Window.centred(3, 1), 384, 384, 384, Pooling.MAX_AND_DROPOUT),
                new Block(Window.centred(3, 1), 1024, 1024, CLASSES, Pooling.NONE))));
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
    return published;
  }

  @Override
  public int defaultClasses() {
    return classes;
  }

  @Override
  public List<ModelArgument> arguments() {
    return List.of(width);
  }

  @Override
  public int smallestSide(ModelSpec spec) {
    return smallest;
  }

  @Override
  public Initialization initialization(ModelSpec spec) {
    String last = "cccp" + blocks.size() + "b\\.bias";
    return Initialization.HE.except(last, new InitialDistribution.Constant(1));
  }

  @Override
  public ComputationGraphConfiguration configuration(ModelSpec spec, DataType dataType) {
    GraphLayers layers = new GraphLayers(spec.input(), dataType);
    String at = GraphLayers.INPUT;
    for (int i = 1; i <= blocks.size(); i++) {
      Block block = blocks.get(i - 1);
      at = convolution(layers, "conv" + i, at, scaled(block.first(), spec), block.window());
      at = convolution(layers, "cccp" + i + "a", at, scaled(block.second(), spec), Window.of(1));
      int third = block.third() == CLASSES ? spec.classes() : scaled(block.third(), spec);
      at = convolution(layers, "cccp" + i + "b", at, third, Window.of(1));
      at =
          switch (block.pooling()) {
            case MAX -> layers.ceilMaxPool("pool" + i, at, HALVING);
            case MAX_AND_DROPOUT ->
                layers.dropout("drop" + i, layers.ceilMaxPool("pool" + i, at, HALVING), DROPOUT);
            case AVERAGE_AND_DROPOUT ->
                layers.dropout(
                    "drop" + i, layers.ceilAveragePool("pool" + i, at, HALVING), DROPOUT);
            case NONE -> at;
          };
    }
    return layers.softmax("softmax", layers.globalAverage("gap", at));
  }

  private static String convolution(
      GraphLayers layers, String name, String from, int out, Window window) {
    return layers.relu(name + ".relu", layers.biasedConvolution(name, from, out, window));
  }

  private int scaled(int channels, ModelSpec spec) {
    return Math.max(1, channels * width.in(spec) / width.defaultValue());
  }
}
