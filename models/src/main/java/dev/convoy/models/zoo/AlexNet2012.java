package dev.convoy.models.zoo;

import dev.convoy.models.Architecture;
import dev.convoy.models.InitialDistribution.Constant;
import dev.convoy.models.InitialDistribution.Normal;
import dev.convoy.models.Initialization;
import dev.convoy.models.InputShape;
import dev.convoy.models.ModelArgument;
import dev.convoy.models.ModelSpec;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * The first AlexNet (Krizhevsky, Sutskever, Hinton 2012, "ImageNet Classification with Deep
 * Convolutional Neural Networks", section 3.5 and figure 2): five convolutions, local response
 * normalisation before the first two of three max poolings, three fully connected layers with
 * dropout.
 *
 * <p>As published it is two towers, one for each GPU, that meet in the third convolution and in the
 * fully connected layers: the second, fourth and fifth convolution are in two groups. The table
 * that lectures show has one tower of the same widths.
 *
 * <p>Initial values are the paper's (section 5): normal with 0.01, biases 1 in the second, fourth
 * and fifth convolution and in the hidden layers, 0 in the others.
 *
 * <p>At 3x227x227 (the paper says 224, from which its windows of 11 by steps of 4 do not come out
 * even) and 1,000 classes the two towers have 60,965,224 parameters, the single one 62,378,344.
 * What is left of other images is averaged to 6x6.
 */
public final class AlexNet2012 implements Architecture {
  private static final double DROPOUT = 0.5;
  private static final int POOLED_SIDE = 6;
  private static final Window POOL = new Window(3, 2, 0);
  private static final int USUAL_WIDTH = 96;
  private static final ModelArgument.WholeNumber WIDTH =
      new ModelArgument.WholeNumber(
          "width",
          USUAL_WIDTH,
          2,
          1024,
          "channels of the first convolution; the others in proportion");
  private static final ModelArgument.WholeNumber HIDDEN =
      new ModelArgument.WholeNumber("hidden", 4096, 1, 65536, "units of the two hidden layers");

  private final String name;
  private final String description;
  private final int towers;

  private AlexNet2012(String name, String description, int towers) {
    this.name = name;
    this.description = description;
    this.towers = towers;
  }

  /** One tower and two. */
  public static List<Architecture> variants() {
    return List.of(
        new AlexNet2012(
            "alexnet_lecture", "AlexNet, one tower with LRN (Krizhevsky et al. 2012, figure 2)", 1),
        new AlexNet2012(
            "alexnet_paper", "AlexNet, two towers with LRN (Krizhevsky et al. 2012, figure 2)", 2));
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
    return new InputShape(3, 227, 227);
  }

  @Override
  public int defaultClasses() {
    return 1000;
  }

  @Override
  public List<ModelArgument> arguments() {
    return List.of(WIDTH, HIDDEN);
  }

  /** 67: 15 pixels after the first convolution, then pooled to 7, 3 and 1. */
  @Override
  public int smallestSide(ModelSpec spec) {
    return 67;
  }

  @Override
  public Initialization initialization(ModelSpec spec) {
    return Initialization.of(new Normal(0.01), new Constant(0), new Normal(0.01), new Constant(0))
        .except("(conv2|conv4|conv5|fc6|fc7)\\.bias", new Constant(1));
  }

  @Override
  public ComputationGraphConfiguration configuration(ModelSpec spec, DataType dataType) {
    GraphLayers layers = new GraphLayers(spec.input(), dataType);
    layers.biasedConvolution("conv1", GraphLayers.INPUT, width(96, spec), new Window(11, 4, 0));
    layers.localResponseNorm("lrn1", layers.relu("relu1", "conv1"));
    layers.maxPool("pool1", "lrn1", POOL);
    convolution(layers, "conv2", "pool1", width(256, spec), Window.centred(5, 1));
    layers.localResponseNorm("lrn2", layers.relu("relu2", "conv2"));
    layers.maxPool("pool2", "lrn2", POOL);
    layers.biasedConvolution("conv3", "pool2", width(384, spec), Window.centred(3, 1));
    layers.relu("relu3", "conv3");
    convolution(layers, "conv4", "relu3", width(384, spec), Window.centred(3, 1));
    layers.relu("relu4", "conv4");
    convolution(layers, "conv5", "relu4", width(256, spec), Window.centred(3, 1));
    layers.relu("relu5", "conv5");
    layers.maxPool("pool5", "relu5", POOL);
    String pooled = layers.adaptiveAverage("avgpool", "pool5", POOLED_SIDE);
    layers.dense("fc6", pooled, HIDDEN.in(spec));
    layers.dropout("drop6", layers.relu("relu6", "fc6"), DROPOUT);
    layers.dense("fc7", "drop6", HIDDEN.in(spec));
    layers.dropout("drop7", layers.relu("relu7", "fc7"), DROPOUT);
    return layers.classifier("fc8", "drop7", spec.classes());
  }

  private void convolution(GraphLayers layers, String name, String from, int out, Window window) {
    layers.biasedGroupedConvolution(name, from, out, towers, window);
  }

  /** An even number, so that both towers have as many. */
  private static int width(int usual, ModelSpec spec) {
    return 2 * (usual * WIDTH.in(spec) / (2 * USUAL_WIDTH));
  }
}
