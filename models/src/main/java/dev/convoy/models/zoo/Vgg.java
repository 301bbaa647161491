package dev.convoy.models.zoo;

import dev.convoy.models.Architecture;
import dev.convoy.models.InputShape;
import dev.convoy.models.ModelArgument;
import dev.convoy.models.ModelSpec;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * VGG networks (Simonyan, Zisserman 2014, "Very Deep Convolutional Networks for Large-Scale Image
 * Recognition", arXiv:1409.1556, table 1): five stages of 3x3 convolutions, each closed by a max
 * pooling, then three fully connected layers with dropout.
 */
public final class Vgg implements Architecture {
  private static final double DROPOUT = 0.5;
  private static final int POOLED_SIDE = 7;
  private static final int WIDEST = 8;
  private static final ModelArgument WIDTH =
      new ModelArgument(
          "width", 64, 1, 1024, "channels of the first stage; doubled in the next three");
  private static final ModelArgument HIDDEN =
      new ModelArgument("hidden", 4096, 1, 65536, "units of the two hidden layers");

  private final int depth;
  private final String column;
  private final List<Integer> convolutionsPerStage;

  private Vgg(int depth, String column, Integer... convolutionsPerStage) {
    this.depth = depth;
    this.column = column;
    this.convolutionsPerStage = List.of(convolutionsPerStage);
  }

  /** Columns A and D of the paper's table 1. */
  public static List<Architecture> variants() {
    return Stream.<Architecture>of(new Vgg(11, "A", 1, 1, 2, 2, 2), new Vgg(16, "D", 2, 2, 3, 3, 3))
        .toList();
  }

  @Override
  public String name() {
    return "vgg" + depth;
  }

  @Override
  public String description() {
    return String.format("VGG-%d (Simonyan and Zisserman 2014, table 1, column %s)", depth, column);
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
    return List.of(WIDTH, HIDDEN);
  }

  /** 32: five poolings leave one pixel. */
  @Override
  public int smallestSide() {
    return 1 << convolutionsPerStage.size();
  }

  @Override
  public ComputationGraphConfiguration configuration(ModelSpec spec, DataType dataType) {
    GraphLayers layers = new GraphLayers(spec.input(), dataType);
    int width = WIDTH.in(spec);
    int module = 0;
    String at = GraphLayers.INPUT;
    for (int stage = 0; stage < convolutionsPerStage.size(); stage++) {
      int channels = width * Math.min(1 << stage, WIDEST);
      for (int i = 0; i < convolutionsPerStage.get(stage); i++) {
        at = layers.biasedConvolution("features." + module++, at, channels, Window.centred(3, 1));
        at = layers.relu("features." + module++, at);
      }
      at = layers.maxPool("features." + module++, at, new Window(2, 2, 0));
    }
    at = layers.adaptiveAverage("avgpool", at, POOLED_SIDE);
    layers.dense("classifier.0", at, HIDDEN.in(spec));
    layers.relu("classifier.1", "classifier.0");
    layers.dropout("classifier.2", "classifier.1", DROPOUT);
    layers.dense("classifier.3", "classifier.2", HIDDEN.in(spec));
    layers.relu("classifier.4", "classifier.3");
    layers.dropout("classifier.5", "classifier.4", DROPOUT);
    return layers.classifier("classifier.6", "classifier.5", spec.classes());
  }
}
