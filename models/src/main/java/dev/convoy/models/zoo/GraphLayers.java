package dev.convoy.models.zoo;

import dev.convoy.models.InputShape;
import dev.convoy.models.layers.AdaptiveAveragePooling;
import dev.convoy.models.layers.CeilModePooling;
import dev.convoy.models.layers.ExactLocalResponseNormalization;
import dev.convoy.models.layers.GroupedConvolution;
import dev.convoy.models.layers.SmoothedCrossEntropy;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/**
 * A graph under construction, in the few layers that the zoo is made of, set as torchvision's are:
 * batch norm with epsilon 1e-5 and momentum 0.1 (DL4J's decay 0.9), NCHW. Kernels, strides and
 * paddings are square.
 *
 * <p>Activations are vertices of their own, because DL4J ignores those of a batch norm.
 */
final class GraphLayers {
  static final String INPUT = "input";
  private static final double NORM_EPSILON = 1e-5;
  private static final double NORM_DECAY = 0.9;

  /**
   * DL4J clips the softmax before the logarithm, at 1e-10 by default, which would cap the loss at
   * 23. This only keeps log(0) out.
   */
  private static final double SOFTMAX_FLOOR = 1e-30;

  private final double normEpsilon;
  private final GraphBuilder builder;
  private final List<String> auxiliaryOutputs = new ArrayList<>();

  GraphLayers(InputShape input, DataType dataType) {
    this(input, dataType, NORM_EPSILON);
  }

  GraphLayers(InputShape input, DataType dataType, double normEpsilon) {
    this.normEpsilon = normEpsilon;
    this.builder =
        new NeuralNetConfiguration.Builder()
            .dataType(dataType)
            .trainingWorkspaceMode(WorkspaceMode.ENABLED)
            .inferenceWorkspaceMode(WorkspaceMode.ENABLED)
            .convolutionMode(ConvolutionMode.Truncate)
            .activation(Activation.IDENTITY)
            .graphBuilder()
            .addInputs(INPUT)
            .setInputTypes(
                InputType.convolutional(input.height(), input.width(), input.channels()));
  }

  GraphBuilder builder() {
    return builder;
  }

  /** Convolution with a bias. */
  String biasedConvolution(String name, String from, int out, Window window) {
    return add(name, convolution(out, window).hasBias(true).build(), from);
  }

  /** Convolution without bias. */
  String convolution(String name, String from, int out, Window window) {
    return add(name, convolution(out, window).hasBias(false).build(), from);
  }

  /** Convolution in groups, without bias; a plain one if there is one group. */
  String groupedConvolution(String name, String from, int out, int groups, Window window) {
    return groups == 1
        ? convolution(name, from, out, window)
        : add(name, inGroups(out, groups, window).hasBias(false).build(), from);
  }

  /** Convolution in groups with a bias; a plain one if there is one group. */
  String biasedGroupedConvolution(String name, String from, int out, int groups, Window window) {
    return groups == 1
        ? biasedConvolution(name, from, out, window)
        : add(name, inGroups(out, groups, window).hasBias(true).build(), from);
  }

  String norm(String name, String from) {
    return add(
        name,
        new BatchNormalization.Builder()
            .eps(normEpsilon)
            .decay(NORM_DECAY)
            .useLogStd(false)
            .build(),
        from);
  }

  String relu(String name, String from) {
    return add(name, new ActivationLayer.Builder().activation(Activation.RELU).build(), from);
  }

  /** Max pooling; a last window that does not fit is left out. */
  String maxPool(String name, String from, Window window) {
    return add(name, pool(PoolingType.MAX, window), from);
  }

  /** Max pooling; a last window hangs over the edge. */
  String ceilMaxPool(String name, String from, Window window) {
    return ceilPool(name, from, SubsamplingLayer.PoolingType.MAX, window);
  }

  /** Average pooling; a last window hangs over the edge, and the mean is over what is in it. */
  String ceilAveragePool(String name, String from, Window window) {
    return ceilPool(name, from, SubsamplingLayer.PoolingType.AVG, window);
  }

  /** Average pooling without padding; a last window that does not fit is left out. */
  String averagePool(String name, String from, int kernel, int stride) {
    return add(name, pool(PoolingType.AVG, new Window(kernel, stride, 0)), from);
  }

  /**
   * Local response normalisation as in Krizhevsky et al. 2012, section 3.3: over 5 channels, k 2,
   * alpha 1e-4, which is not divided by 5, beta 0.75.
   */
  String localResponseNorm(String name, String from) {
    return add(name, new ExactLocalResponseNormalization(5, 2, 1e-4, 0.75), from);
  }

  /**
   * Average pooling to {@code side x side} pixels, as PyTorch's adaptive pooling; nothing where the
   * image has that size, and DL4J's own pooling where windows of equal size do it.
   *
   * @return the vertex to go on from
   */
  String adaptiveAverage(String name, String from, int side) {
    var image = (InputType.InputTypeConvolutional) builder.getLayerActivationTypes().get(from);
    if (image.getHeight() == side && image.getWidth() == side) {
      return from;
    }
    if (image.getHeight() % side == 0 && image.getWidth() % side == 0) {
      int height = (int) image.getHeight() / side;
      int width = (int) image.getWidth() / side;
      return add(
          name,
          new SubsamplingLayer.Builder(PoolingType.AVG)
              .kernelSize(height, width)
              .stride(height, width)
              .build(),
          from);
    }
    return add(name, new AdaptiveAveragePooling(side, side), from);
  }

  /** The mean of each channel, as features. */
  String globalAverage(String name, String from) {
    return add(name, new GlobalPoolingLayer(PoolingType.AVG), from);
  }

  String sum(String name, String left, String right) {
    builder.addVertex(name, new ElementWiseVertex(ElementWiseVertex.Op.Add), left, right);
    return name;
  }

  /** The channels of all, one after the other. */
  String concatenation(String name, String... from) {
    builder.addVertex(name, new MergeVertex(), from);
    return name;
  }

  /**
   * Dropout; what stays is scaled up while training.
   *
   * @param rate share that is dropped
   */
  String dropout(String name, String from, double rate) {
    return add(name, new DropoutLayer(1 - rate), from);
  }

  /** Fully connected with a bias; an image is flattened as C, H, W. */
  String dense(String name, String from, int out) {
    return add(name, new DenseLayer.Builder().nOut(out).build(), from);
  }

  /** A further output for training: fully connected, softmax, cross-entropy with a weight. */
  void auxiliaryClassifier(String name, String from, int classes, double weight) {
    auxiliaryOutputs.add(
        add(
            name,
            new OutputLayer.Builder(new SmoothedCrossEntropy(0, weight))
                .nOut(classes)
                .activation(Activation.SOFTMAX)
                .build(),
            from));
  }

  /** Ends the graph: fully connected, softmax, cross-entropy. */
  ComputationGraphConfiguration classifier(String name, String from, int classes) {
    return ending(
        add(
            name,
            new OutputLayer.Builder(new LossMCXENT(SOFTMAX_FLOOR, null))
                .nOut(classes)
                .activation(Activation.SOFTMAX)
                .build(),
            from));
  }

  /** Ends the graph: softmax of the features as they are, cross-entropy. */
  ComputationGraphConfiguration softmax(String name, String from) {
    return ending(
        add(
            name,
            new LossLayer.Builder(new LossMCXENT(SOFTMAX_FLOOR, null))
                .activation(Activation.SOFTMAX)
                .build(),
            from));
  }

  private ComputationGraphConfiguration ending(String name) {
    List<String> outputs = new ArrayList<>(List.of(name));
    outputs.addAll(auxiliaryOutputs);
    return builder.setOutputs(outputs.toArray(String[]::new)).build();
  }

  String add(String name, Layer layer, String from) {
    builder.addLayer(name, layer, from);
    return name;
  }

  private static ConvolutionLayer.Builder convolution(int out, Window window) {
    return new ConvolutionLayer.Builder(window.kernel(), window.kernel())
        .stride(window.stride(), window.stride())
        .padding(window.padding(), window.padding())
        .nOut(out);
  }

  private static GroupedConvolution.Builder inGroups(int out, int groups, Window window) {
    return new GroupedConvolution.Builder(groups, window.kernel(), window.kernel())
        .stride(window.stride(), window.stride())
        .padding(window.padding(), window.padding())
        .nOut(out);
  }

  private String ceilPool(
      String name, String from, SubsamplingLayer.PoolingType type, Window window) {
    CeilModePooling.Builder pool = new CeilModePooling.Builder(type);
    pool.kernelSize(window.kernel(), window.kernel())
        .stride(window.stride(), window.stride())
        .padding(window.padding(), window.padding());
    return add(name, pool.build(), from);
  }

  private static SubsamplingLayer pool(PoolingType type, Window window) {
    return new SubsamplingLayer.Builder(type)
        .kernelSize(window.kernel(), window.kernel())
        .stride(window.stride(), window.stride())
        .padding(window.padding(), window.padding())
        .build();
  }
}
