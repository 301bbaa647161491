package dev.convoy.models.zoo;

import dev.convoy.models.InputShape;
import dev.convoy.models.layers.GroupedConvolution;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
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

  private final GraphBuilder builder;

  GraphLayers(InputShape input, DataType dataType) {
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
    if (groups == 1) {
      return convolution(name, from, out, window);
    }
    return add(
        name,
        new GroupedConvolution.Builder(groups, window.kernel(), window.kernel())
            .stride(window.stride(), window.stride())
            .padding(window.padding(), window.padding())
            .nOut(out)
            .hasBias(false)
            .build(),
        from);
  }

  String norm(String name, String from) {
    return add(
        name,
        new BatchNormalization.Builder()
            .eps(NORM_EPSILON)
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

  /** The mean of each channel, as features. */
  String globalAverage(String name, String from) {
    return add(name, new GlobalPoolingLayer(PoolingType.AVG), from);
  }

  String sum(String name, String left, String right) {
    builder.addVertex(name, new ElementWiseVertex(ElementWiseVertex.Op.Add), left, right);
    return name;
  }

  /** Fully connected with a bias; an image is flattened as C, H, W. */
  String dense(String name, String from, int out) {
    return add(name, new DenseLayer.Builder().nOut(out).build(), from);
  }

  /** Ends the graph: fully connected, softmax, cross-entropy. */
  ComputationGraphConfiguration classifier(String name, String from, int classes) {
    add(
        name,
        new OutputLayer.Builder(new LossMCXENT(SOFTMAX_FLOOR, null))
            .nOut(classes)
            .activation(Activation.SOFTMAX)
            .build(),
        from);
    return builder.setOutputs(name).build();
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

  private static SubsamplingLayer pool(PoolingType type, Window window) {
    return new SubsamplingLayer.Builder(type)
        .kernelSize(window.kernel(), window.kernel())
        .stride(window.stride(), window.stride())
        .padding(window.padding(), window.padding())
        .build();
  }
}
