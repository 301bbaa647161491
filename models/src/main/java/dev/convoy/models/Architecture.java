package dev.convoy.models;

import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * One entry of the registry. Its graph consists of DL4J's layers and vertices and of those in
 * {@link dev.convoy.models.layers}, and has one input, NCHW {@code [batch, channels, height,
 * width]}.
 *
 * <p>Its first output is the classifier, with softmax and cross-entropy, {@code [batch, classes]};
 * prediction and evaluation look at it alone. Further outputs are auxiliary classifiers of the same
 * shape for training: they get the same labels, and the loss is the sum of all, each with the
 * weight of its {@link dev.convoy.models.layers.SmoothedCrossEntropy}.
 *
 * <p>Vertices with parameters have the names of torchvision's modules ({@code layer1.0.conv1}).
 */
public interface Architecture {

  /** The name in the registry and in configurations. */
  String name();

  /** One line: what it is, with paper and table or section. */
  String description();

  /** The input that it was published with. */
  InputShape defaultInput();

  /** The number of classes that it was published with. */
  int defaultClasses();

  /** The arguments it understands, with their defaults. */
  List<ModelArgument> arguments();

  /** Its arguments that are not whole numbers, with their defaults. */
  default List<DecimalArgument> decimals() {
    return List.of();
  }

  /** The least height and the least width of an input. */
  int smallestSide();

  /**
   * The graph's configuration.
   *
   * @param spec a spec that {@link ModelRegistry#validate} accepts
   * @param dataType FLOAT, or DOUBLE to check the arithmetic
   */
  ComputationGraphConfiguration configuration(ModelSpec spec, DataType dataType);

  /**
   * The initialised network in float32; weights are He normal and a function of the seed and the
   * parameter's name alone (see {@link HeNormal}).
   */
  default ComputationGraph build(ModelSpec spec, long seed) {
    return build(spec, seed, DataType.FLOAT);
  }

  /** As {@link #build(ModelSpec, long)}, with FLOAT or DOUBLE arithmetic. */
  default ComputationGraph build(ModelSpec spec, long seed, DataType dataType) {
    return InitialParameters.initialised(configuration(spec, dataType), seed);
  }
}
