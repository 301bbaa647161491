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
 * Densely connected networks, DenseNet-BC (Huang, Liu, van der Maaten, Weinberger 2016, "Densely
 * Connected Convolutional Networks", arXiv:1608.06993, table 1): in a dense block each layer sees
 * the channels of all before it and adds {@code growth} of its own; between blocks a transition
 * halves channels and image.
 */
public final class DenseNet implements Architecture {
  /** Channels of a layer's 1x1 convolution, in growths. */
  private static final int BOTTLENECK = 4;

  private final int depth;
  private final List<Integer> layersPerBlock;
  private final ModelArgument growth;

  private DenseNet(int depth, int growth, Integer... layersPerBlock) {
    this.depth = depth;
    this.layersPerBlock = List.of(layersPerBlock);
    this.growth = new ModelArgument("growth", growth, 1, 1024, "channels that each layer adds");
  }

  /** DenseNet-121. */
  public static List<Architecture> variants() {
    return Stream.<Architecture>of(new DenseNet(121, 32, 6, 12, 24, 16)).toList();
  }

  @Override
  public String name() {
    return "densenet" + depth;
  }

  @Override
  public String description() {
    return "DenseNet-BC-" + depth + " (Huang et al. 2016, table 1)";
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
  public int smallestSide() {
    return 29;
  }

  @Override
  public ComputationGraphConfiguration configuration(ModelSpec spec, DataType dataType) {
    GraphLayers layers = new GraphLayers(spec.input(), dataType);
    int added = growth.in(spec);
    int channels = 2 * added;
    layers.convolution("features.conv0", GraphLayers.INPUT, channels, Window.centred(7, 2));
    layers.norm("features.norm0", "features.conv0");
    layers.relu("features.relu0", "features.norm0");
    String at = layers.maxPool("features.pool0", "features.relu0", Window.centred(3, 2));
    for (int block = 1; block <= layersPerBlock.size(); block++) {
      for (int i = 1; i <= layersPerBlock.get(block - 1); i++) {
        at = denseLayer(layers, "features.denseblock" + block + ".denselayer" + i, at, added);
        channels += added;
      }
      if (block < layersPerBlock.size()) {
        channels /= 2;
        at = transition(layers, "features.transition" + block, at, channels);
      }
    }
    layers.norm("features.norm5", at);
    layers.relu("features.relu5", "features.norm5");
    layers.globalAverage("avgpool", "features.relu5");
    return layers.classifier("classifier", "avgpool", spec.classes());
  }

  private static String denseLayer(GraphLayers layers, String name, String from, int added) {
    layers.norm(name + ".norm1", from);
    layers.relu(name + ".relu1", name + ".norm1");
    layers.convolution(name + ".conv1", name + ".relu1", BOTTLENECK * added, Window.of(1));
    layers.norm(name + ".norm2", name + ".conv1");
    layers.relu(name + ".relu2", name + ".norm2");
    layers.convolution(name + ".conv2", name + ".relu2", added, Window.centred(3, 1));
    return layers.concatenation(name + ".cat", from, name + ".conv2");
  }

  private static String transition(GraphLayers layers, String name, String from, int out) {
    layers.norm(name + ".norm", from);
    layers.relu(name + ".relu", name + ".norm");
    layers.convolution(name + ".conv", name + ".relu", out, Window.of(1));
    return layers.averagePool(name + ".pool", name + ".conv", 2);
  }
}
