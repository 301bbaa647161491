package dev.convoy.models.export;

import dev.convoy.models.InputShape;
import dev.convoy.models.layers.AdaptiveAveragePooling;
import dev.convoy.models.layers.CeilModePooling;
import dev.convoy.models.layers.GroupedConvolution;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer.PoolingType;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/** One layer each between images and a softmax. */
final class LayerCases {
  /** An odd height and an even width: ceil mode differs along them. */
  static final InputShape INPUT = new InputShape(4, 9, 6);

  static final int CLASSES = 3;

  private LayerCases() {}

  /** Layers by a name for people. */
  static Map<String, Layer> all() {
    Map<String, Layer> cases = new LinkedHashMap<>();
    for (Activation activation :
        new Activation[] {
          Activation.RELU6,
          Activation.ELU,
          Activation.TANH,
          Activation.SIGMOID,
          Activation.SOFTPLUS,
          Activation.SWISH
        }) {
      cases.put(activation.name(), new ActivationLayer.Builder().activation(activation).build());
    }
    cases.put("leaky ReLU", new ActivationLayer(new ActivationLReLU(0.3)));
    cases.put("bounded ReLU", new ActivationLayer(new ActivationReLU(0.7, 0.0, 0.0)));
    cases.put("response norm", new LocalResponseNormalization.Builder(2, 5, 0.4, 0.75).build());
    cases.put("zero padding", new ZeroPaddingLayer(1, 2, 0, 3));
    cases.put(
        "dilated convolution",
        new ConvolutionLayer.Builder(3, 2)
            .dilation(2, 1)
            .padding(2, 1)
            .stride(1, 2)
            .nOut(5)
            .activation(Activation.TANH)
            .build());
    cases.put(
        "Same convolution",
        new ConvolutionLayer.Builder(4, 3)
            .stride(2, 2)
            .convolutionMode(ConvolutionMode.Same)
            .nOut(5)
            .build());
    cases.put(
        "grouped convolution",
        new GroupedConvolution.Builder(2, 3, 3)
            .padding(1, 1)
            .nOut(6)
            .activation(Activation.TANH)
            .build());
    cases.put("average, padding counted", pool(PoolingType.AVG, 1, true));
    cases.put("average, padding not counted", pool(PoolingType.AVG, 1, false));
    cases.put("maximum", pool(PoolingType.MAX, 1, false));
    cases.put("ceil-mode maximum", ceil(PoolingType.MAX, 3, 2, 0, false));
    cases.put("ceil-mode maximum of pairs", ceil(PoolingType.MAX, 2, 2, 0, false));
    cases.put("ceil-mode maximum beyond the image", ceil(PoolingType.MAX, 10, 10, 0, false));
    cases.put("ceil-mode average", ceil(PoolingType.AVG, 3, 2, 0, false));
    cases.put("ceil-mode average, padding counted", ceil(PoolingType.AVG, 2, 2, 0, true));
    cases.put("adaptive to a divisor", new AdaptiveAveragePooling(3, 2));
    cases.put("adaptive to a multiple", new AdaptiveAveragePooling(18, 12));
    cases.put("adaptive with equal overlaps", new AdaptiveAveragePooling(8, 5));
    return cases;
  }

  private static SubsamplingLayer pool(PoolingType type, int padding, boolean counted) {
    SubsamplingLayer.Builder builder = new SubsamplingLayer.Builder(type);
    builder.kernelSize(3, 2).stride(2, 1).padding(padding, padding);
    builder.avgPoolIncludePadInDivisor(counted);
    return builder.build();
  }

  static CeilModePooling ceil(
      PoolingType type, int kernel, int stride, int padding, boolean counted) {
    CeilModePooling.Builder builder = new CeilModePooling.Builder(type);
    builder.kernelSize(kernel, kernel).stride(stride, stride).padding(padding, padding);
    builder.avgPoolIncludePadInDivisor(counted);
    return builder.build();
  }

  static ComputationGraph graph(Layer layer) {
    ComputationGraph graph =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .dataType(DataType.FLOAT)
                .seed(3)
                .activation(Activation.IDENTITY)
                .convolutionMode(ConvolutionMode.Truncate)
                .graphBuilder()
                .addInputs("input")
                .setInputTypes(
                    InputType.convolutional(INPUT.height(), INPUT.width(), INPUT.channels()))
                .addLayer("case", layer, "input")
                .addLayer(
                    "out",
                    new OutputLayer.Builder(new LossMCXENT())
                        .nOut(CLASSES)
                        .activation(Activation.SOFTMAX)
                        .build(),
                    "case")
                .setOutputs("out")
                .build());
    graph.init();
    return graph;
  }

  static float[] images(int examples) {
    Random random = new Random(4);
    float[] images = new float[examples * INPUT.values()];
    for (int i = 0; i < images.length; i++) {
      // Mostly below 0: padding with zeros would show in a maximum.
      images[i] = (float) random.nextGaussian() - 1;
    }
    return images;
  }

  static INDArray array(float[] images, int examples) {
    return Nd4j.create(
        images, new long[] {examples, INPUT.channels(), INPUT.height(), INPUT.width()}, 'c');
  }
}
