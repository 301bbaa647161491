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
import org.deeplearning4j.nn.conf.graph.ReshapeVertex;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Residual networks for small images (He, Zhang, Ren, Sun 2015, "Deep Residual Learning for Image
 * Recognition", arXiv:1512.03385, section 4.2, table 6): a 3x3 convolution, three stages of n
 * two-convolution blocks with 16, 32 and 64 channels, global average pooling and a classifier; 6n+2
 * weighted layers.
 *
 * <p>Shortcuts are the paper's option A, without parameters: where a stage halves the image they
 * take every second pixel and append zero channels, half of them before and half after. Option B
 * has a 1x1 convolution and a batch norm there instead. Weights start as in the paper (He et al.
 * 2015, arXiv:1502.01852).
 *
 * <p>At 3x32x32 and 10 classes ResNet-20 has 269,722 parameters, 32 464,154, 44 658,586, 56
 * 853,018, 110 1,727,962 and 1202 19,421,274; option B adds 2,752.
 */
public final class CifarResNet implements Architecture {
  private static final int STAGES = 3;
  private static final ModelArgument.WholeNumber WIDTH =
      new ModelArgument.WholeNumber(
          "width", 16, 2, 1024, "channels of the first stage; doubled in each next");
  private static final ModelArgument.Choice SHORTCUT =
      new ModelArgument.Choice(
          "shortcut",
          "A",
          List.of("A", "B"),
          "where a stage halves the image: A without parameters, B a 1x1 convolution");

  private final String name;
  private final int blocksPerStage;

  private CifarResNet(int depth) {
    this.name = "resnet" + depth + "_cifar";
    this.blocksPerStage = (depth - 2) / 6;
  }

  /** The depths of the paper's table 6. */
  public static List<Architecture> variants() {
    return Stream.of(20, 32, 44, 56, 110, 1202).<Architecture>map(CifarResNet::new).toList();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String description() {
    return String.format(
        "ResNet-%d for CIFAR (He et al. 2015, section 4.2, table 6)", 6 * blocksPerStage + 2);
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
    return List.of(WIDTH, SHORTCUT, ResidualBlock.ZERO_INIT);
  }

  /** 1: every halving rounds up. */
  @Override
  public int smallestSide(ModelSpec spec) {
    return 1;
  }

  @Override
  public Initialization initialization(ModelSpec spec) {
    return ResidualBlock.BASIC.initialization(Initialization.HE, spec);
  }

  @Override
  public ComputationGraphConfiguration configuration(ModelSpec spec, DataType dataType) {
    GraphLayers layers = new GraphLayers(spec.input(), dataType);
    int channels = WIDTH.in(spec);
    String stem = stem(layers, channels);
    if (SHORTCUT.in(spec).equals("B")) {
      List<Integer> blocks = Collections.nCopies(STAGES, blocksPerStage);
      return ending(layers, ResidualBlock.BASIC.stages(layers, stem, channels, blocks), spec);
    }
    Activations at = new Activations(stem, channels, spec.input().height(), spec.input().width());
    for (int stage = 1; stage <= STAGES; stage++) {
      for (int block = 0; block < blocksPerStage; block++) {
        boolean widens = stage > 1 && block == 0;
        at = block(layers, "layer" + stage + "." + block, at, widens ? at.halved() : at.same());
      }
    }
    return ending(layers, at.vertex(), spec);
  }

  /** What the networks for small images begin with. */
  static String stem(GraphLayers layers, int width) {
    layers.convolution("conv1", GraphLayers.INPUT, width, Window.centred(3, 1));
    layers.norm("bn1", "conv1");
    return layers.relu("relu", "bn1");
  }

  private static ComputationGraphConfiguration ending(
      GraphLayers layers, String from, ModelSpec spec) {
    layers.globalAverage("avgpool", from);
    return layers.classifier("fc", "avgpool", spec.classes());
  }

  /** A vertex with the shape of what it puts out. */
  private record Activations(String vertex, int channels, int height, int width) {
    Activations same() {
      return this;
    }

    Activations halved() {
      return new Activations(vertex, 2 * channels, (height + 1) / 2, (width + 1) / 2);
    }

    Activations from(String other) {
      return new Activations(other, channels, height, width);
    }
  }

  private static Activations block(
      GraphLayers layers, String name, Activations in, Activations out) {
    int stride = in.channels() == out.channels() ? 1 : 2;
    ResidualBlock.basic(layers, name, in.vertex(), out.channels(), stride);
    String shortcut = stride == 1 ? in.vertex() : shortcut(layers, name + ".shortcut", in, out);
    layers.sum(name + ".add", name + ".bn2", shortcut);
    return out.from(layers.relu(name + ".relu2", name + ".add"));
  }

  /**
   * Option A from DL4J's own vertices: a 1x1 max pooling with stride 2 takes every second pixel; as
   * {@code [n, 1, channels, pixels]} the channels are rows, which zero padding can surround.
   */
  private static String shortcut(GraphLayers layers, String name, Activations in, Activations out) {
    int pixels = out.height() * out.width();
    int added = out.channels() - in.channels();
    layers.maxPool(name + ".pixels", in.vertex(), new Window(1, 2, 0));
    layers
        .builder()
        .addVertex(
            name + ".rows", new ReshapeVertex(-1, 1, in.channels(), pixels), name + ".pixels");
    layers.add(
        name + ".zeros",
        new ZeroPaddingLayer.Builder(added / 2, added - added / 2, 0, 0).build(),
        name + ".rows");
    layers
        .builder()
        .addVertex(
            name,
            new ReshapeVertex(-1, out.channels(), out.height(), out.width()),
            name + ".zeros");
    return name;
  }
}
