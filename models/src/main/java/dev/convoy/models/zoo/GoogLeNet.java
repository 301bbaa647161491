package dev.convoy.models.zoo;

import dev.convoy.models.Architecture;
import dev.convoy.models.InputShape;
import dev.convoy.models.ModelArgument;
import dev.convoy.models.ModelSpec;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * GoogLeNet (Szegedy et al. 2014, "Going Deeper with Convolutions", arXiv:1409.4842, table 1), as
 * in torchvision: batch norm with epsilon 1e-3 after every convolution, 3x3 instead of 5x5
 * convolutions in the third branch, and poolings that round up.
 *
 * <p>Two auxiliary classifiers (section 5) are further outputs, with weight 0.3 in the loss; they
 * are for training, the first output alone is the prediction.
 */
public final class GoogLeNet implements Architecture {
  private static final double NORM_EPSILON = 1e-3;
  private static final double DROPOUT = 0.2;
  private static final double AUXILIARY_DROPOUT = 0.7;
  private static final double AUXILIARY_WEIGHT = 0.3;
  private static final Window HALVING = new Window(3, 2, 0);

  /**
   * One row of table 1: the channels of the 1x1 convolution that stands alone, of the larger
   * convolutions and of the reductions before them, and of the one after the pooling.
   */
  private record Inception(
      String name, int single, int reduced3, int out3, int reduced5, int out5, int pooled) {}

  private static final List<Inception> STAGE_3 =
      List.of(
          new Inception("inception3a", 64, 96, 128, 16, 32, 32),
          new Inception("inception3b", 128, 128, 192, 32, 96, 64));
  private static final List<Inception> STAGE_4 =
      List.of(
          new Inception("inception4a", 192, 96, 208, 16, 48, 64),
          new Inception("inception4b", 160, 112, 224, 24, 64, 64),
          new Inception("inception4c", 128, 128, 256, 24, 64, 64),
          new Inception("inception4d", 112, 144, 288, 32, 64, 64),
          new Inception("inception4e", 256, 160, 320, 32, 128, 128));
  private static final List<Inception> STAGE_5 =
      List.of(
          new Inception("inception5a", 256, 160, 320, 32, 128, 128),
          new Inception("inception5b", 384, 192, 384, 48, 128, 128));

  @Override
  public String name() {
    return "googlenet";
  }

  @Override
  public String description() {
    return "GoogLeNet with batch norm (Szegedy et al. 2014, table 1, as in torchvision)";
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
    return List.of();
  }

  /** 15: 8 pixels after the first convolution, 4, 2 and 1 after the poolings. */
  @Override
  public int smallestSide() {
    return 15;
  }

  @Override
  public ComputationGraphConfiguration configuration(ModelSpec spec, DataType dataType) {
    GraphLayers layers = new GraphLayers(spec.input(), dataType, NORM_EPSILON);
    String at = convolution(layers, "conv1", GraphLayers.INPUT, 64, Window.centred(7, 2));
    at = layers.ceilMaxPool("maxpool1", at, HALVING);
    at = convolution(layers, "conv2", at, 64, Window.of(1));
    at = convolution(layers, "conv3", at, 192, Window.centred(3, 1));
    at = layers.ceilMaxPool("maxpool2", at, HALVING);
    at = stage(layers, at, STAGE_3);
    at = layers.ceilMaxPool("maxpool3", at, HALVING);
    at = stage(layers, at, STAGE_4);
    at = layers.ceilMaxPool("maxpool4", at, new Window(2, 2, 0));
    at = stage(layers, at, STAGE_5);
    auxiliary(layers, "aux1", "inception4a", spec.classes());
    auxiliary(layers, "aux2", "inception4d", spec.classes());
    layers.globalAverage("avgpool", at);
    layers.dropout("dropout", "avgpool", DROPOUT);
    return layers.classifier("fc", "dropout", spec.classes());
  }

  private static String stage(GraphLayers layers, String from, List<Inception> modules) {
    String at = from;
    for (Inception module : modules) {
      at = inception(layers, module, at);
    }
    return at;
  }

  private static String inception(GraphLayers layers, Inception module, String from) {
    String name = module.name();
    Window three = Window.centred(3, 1);
    String reduced3 =
        convolution(layers, name + ".branch2.0", from, module.reduced3(), Window.of(1));
    String reduced5 =
        convolution(layers, name + ".branch3.0", from, module.reduced5(), Window.of(1));
    String pooled = layers.maxPool(name + ".branch4.0", from, three);
    return layers.concatenation(
        name,
        convolution(layers, name + ".branch1", from, module.single(), Window.of(1)),
        convolution(layers, name + ".branch2.1", reduced3, module.out3(), three),
        convolution(layers, name + ".branch3.1", reduced5, module.out5(), three),
        convolution(layers, name + ".branch4.1", pooled, module.pooled(), Window.of(1)));
  }

  private static String convolution(
      GraphLayers layers, String name, String from, int out, Window window) {
    layers.convolution(name + ".conv", from, out, window);
    layers.norm(name + ".bn", name + ".conv");
    return layers.relu(name + ".relu", name + ".bn");
  }

  private static void auxiliary(GraphLayers layers, String name, String from, int classes) {
    String at = layers.adaptiveAverage(name + ".avgpool", from, 4);
    at = convolution(layers, name + ".conv", at, 128, Window.of(1));
    layers.dense(name + ".fc1", at, 1024);
    layers.relu(name + ".relu", name + ".fc1");
    layers.dropout(name + ".dropout", name + ".relu", AUXILIARY_DROPOUT);
    layers.auxiliaryClassifier(name + ".fc2", name + ".dropout", classes, AUXILIARY_WEIGHT);
  }
}
