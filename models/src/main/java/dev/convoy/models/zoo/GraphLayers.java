package dev.convoy.models.zoo;

import dev.convoy.models.InputShape;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/**
 * A graph under construction, in the few layers that the zoo is made of, set as torchvision's are:
 * batch norm with epsilon 1e-5 and momentum 0.1 (DL4J's decay 0.9), floor-mode pooling, NCHW.
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

  /** Convolution with a square kernel and a bias. */
  String convolution(String name, String from, int out, int kernel, int padding) {
    return add(name, convolution(out, kernel, 1, padding).hasBias(true).build(), from);
  }

  /** Convolution without bias, then batch norm. */
  String normalisedConvolution(
      String convolution, String norm, String from, int out, int kernel, int stride, int padding) {
    add(convolution, convolution(out, kernel, stride, padding).hasBias(false).build(), from);
    return add(
        norm,
        new BatchNormalization.Builder()
            .eps(NORM_EPSILON)
            .decay(NORM_DECAY)
            .useLogStd(false)
            .build(),
        convolution);
  }

  String relu(String name, String from) {
    return add(name, new ActivationLayer.Builder().activation(Activation.RELU).build(), from);
  }

  /** Max pooling without padding; a last window that does not fit is left out. */
  String maxPool(String name, String from, int kernel, int stride) {
    return add(
        name,
        new SubsamplingLayer.Builder(PoolingType.MAX)
            .kernelSize(kernel, kernel)
            .stride(stride, stride)
            .build(),
        from);
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

  String add(String name, org.deeplearning4j.nn.conf.layers.Layer layer, String from) {
    builder.addLayer(name, layer, from);
    return name;
  }

  private static ConvolutionLayer.Builder convolution(
      int out, int kernel, int stride, int padding) {
    return new ConvolutionLayer.Builder(kernel, kernel)
        .stride(stride, stride)
        .padding(padding, padding)
        .nOut(out);
  }
}
