package dev.convoy.models.engine.dl4j;

import dev.convoy.models.engine.ir.Shape;
import dev.convoy.models.layers.CeilModePooling;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/** Puts vertices v0, v1, ... one on the other, with settings drawn from a seed. */
abstract class CaseBuilder {
  static final String IN = "input";

  final Random random;
  final GraphBuilder builder;
  final Shape example;

  /** The vertex that the next one reads. */
  String last = IN;

  private int names;

  CaseBuilder(long seed, Shape example, InputType type, IUpdater updater) {
    this.random = new Random(seed);
    this.example = example;
    this.builder =
        new NeuralNetConfiguration.Builder()
            .seed(seed)
            .updater(updater)
            .l2(0.01)
            .biasInit(0.1) // not 0: dead inputs would end on the corners of activations
            .activation(Activation.IDENTITY)
            .graphBuilder()
            .addInputs(IN);
    builder.setInputTypes(type);
  }

  /** A few channels of about ten pixels a side. */
  static Shape drawnImage(Random random) {
    return Shape.of(2 + random.nextInt(4), 9 + random.nextInt(5), 9 + random.nextInt(5));
  }

  static InputType typeOf(Shape image) {
    return InputType.convolutional(image.get(1), image.get(2), image.get(0));
  }

  final ConvolutionLayer.Builder convolution(int kernel, int stride, int padding) {
    return new ConvolutionLayer.Builder(kernel, kernel)
        .stride(stride, stride)
        .padding(padding, padding)
        .nOut(channels());
  }

  static SubsamplingLayer.Builder pool(PoolingType kind, int kernel, int stride, int padding) {
    return new SubsamplingLayer.Builder(kind)
        .kernelSize(kernel, kernel)
        .stride(stride, stride)
        .padding(padding, padding);
  }

  static CeilModePooling.Builder ceilMode(
      SubsamplingLayer.PoolingType kind, int kernel, int stride, int padding) {
    CeilModePooling.Builder pool = new CeilModePooling.Builder(kind);
    pool.kernelSize(kernel, kernel);
    pool.stride(stride, stride);
    pool.padding(padding, padding);
    return pool;
  }

  /** A few, or so many that they fill a block of a layout in blocks and more, often in part. */
  final int channels() {
    return random.nextInt(3) == 0 ? 15 + random.nextInt(20) : 3 + random.nextInt(5);
  }

  final String add(Layer layer) {
    String name = "v" + names++;
    builder.addLayer(name, layer, last);
    last = name;
    return name;
  }

  final String add(Layer layer, String input) {
    last = input;
    return add(layer);
  }

  final String vertex(GraphVertex vertex, String... inputs) {
    String name = "v" + names++;
    builder.addVertex(name, vertex, inputs);
    last = name;
    return name;
  }

  final GraphCase classifier(String name, int classes) {
    add(output(classes).build());
    builder.setOutputs(last);
    return finish(name, List.of(classes));
  }

  static OutputLayer.Builder output(int classes) {
    return new OutputLayer.Builder(new LossMCXENT()).nOut(classes).activation(Activation.SOFTMAX);
  }

  final GraphCase finish(String name, List<Integer> classes) {
    ComputationGraph graph = new ComputationGraph(builder.build());
    graph.init();
    return new GraphCase(name, graph, example, classes);
  }
}
