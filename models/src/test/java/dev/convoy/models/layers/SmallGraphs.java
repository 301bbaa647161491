package dev.convoy.models.layers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.SplittableRandom;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/** Small graphs around one layer, and numbers to fill them with. */
final class SmallGraphs {
  static final int CLASSES = 3;

  private SmallGraphs() {}

  /** One layer by itself, so that the graph's output is the layer's. */
  static ComputationGraph alone(Layer layer, InputType input, DataType type) {
    return filled(builder(type, input).addLayer("layer", layer, "input").setOutputs("layer"));
  }

  /** A convolution before the layer, so that its input gets a gradient, and a classifier after. */
  static ComputationGraph classifier(Layer layer, InputType input, int channels, DataType type) {
    return filled(
        builder(type, input)
            .addLayer("before", new ConvolutionLayer.Builder(1, 1).nOut(channels).build(), "input")
            .addLayer("layer", layer, "before")
            .addLayer("tanh", new ActivationLayer(Activation.TANH), "layer")
            .addLayer(
                "out",
                new OutputLayer.Builder(new LossMCXENT())
                    .nOut(CLASSES)
                    .activation(Activation.SOFTMAX)
                    .build(),
                "tanh")
            .setOutputs("out"));
  }

  private static ComputationGraphConfiguration.GraphBuilder builder(
      DataType type, InputType input) {
    return new NeuralNetConfiguration.Builder()
        .dataType(type)
        .updater(new Sgd(0.1))
        .activation(Activation.IDENTITY)
        .graphBuilder()
        .addInputs("input")
        .setInputTypes(input)
        .allowNoOutput(true);
  }

  private static ComputationGraph filled(ComputationGraphConfiguration.GraphBuilder builder) {
    ComputationGraph graph = new ComputationGraph(builder.build());
    graph.init();
    if (graph.numParams() > 0) {
      graph.params().assign(numbers(7, graph.getConfiguration().getDataType(), graph.numParams()));
    }
    return graph;
  }

  /** Numbers in [-0.5, 0.5), a function of seed and shape. */
  static INDArray numbers(long seed, DataType type, long... shape) {
    SplittableRandom random = new SplittableRandom(seed);
    INDArray array = Nd4j.createUninitialized(DataType.DOUBLE, shape, 'c');
    for (long i = 0; i < array.length(); i++) {
      array.putScalar(i, random.nextDouble() - 0.5);
    }
    return array.castTo(type);
  }

  static INDArray oneHot(int examples, int classes, DataType type) {
    INDArray labels = Nd4j.zeros(type, examples, classes);
    for (int n = 0; n < examples; n++) {
      labels.putScalar(n, (n * 7 + 1) % classes, 1);
    }
    return labels;
  }

  /** JSON and DL4J's zip give the same configuration and the same outputs. */
  static void assertRoundTrip(ComputationGraph graph, INDArray input) {
    String json = graph.getConfiguration().toJson();
    ComputationGraphConfiguration read = ComputationGraphConfiguration.fromJson(json);
    assertThat(read).isEqualTo(graph.getConfiguration());
    assertThat(read.toJson()).isEqualTo(json);
    try {
      ByteArrayOutputStream zip = new ByteArrayOutputStream();
      ModelSerializer.writeModel(graph, zip, true);
      ComputationGraph restored =
          ModelSerializer.restoreComputationGraph(new ByteArrayInputStream(zip.toByteArray()));
      assertThat(restored.output(input)[0]).isEqualTo(graph.output(input)[0]);
      assertThat(graph.clone().output(input)[0]).isEqualTo(graph.output(input)[0]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
