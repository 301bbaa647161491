package dev.convoy.models.engine.dl4j;

import dev.convoy.models.engine.ir.Shape;
import dev.convoy.models.layers.AdaptiveAveragePooling;
import dev.convoy.models.layers.ExactLocalResponseNormalization;
import dev.convoy.models.layers.GroupedConvolution;
import dev.convoy.models.layers.InputNormalization;
import dev.convoy.models.layers.SmoothedCrossEntropy;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.graph.ReshapeVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationELU;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU6;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftPlus;
import org.nd4j.linalg.activations.impl.ActivationSwish;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossNegativeLogLikelihood;

/**
 * Small graphs that between them have every supported layer and vertex; shapes and settings are
 * drawn from a seed, without dropout (DL4J draws that from its own generator).
 */
final class GraphCases extends CaseBuilder {
  /** How cases are called whose training with one example fails in DL4J. */
  static final String NORM_OF_FEATURES = "norm of features";

  private GraphCases(long seed, Shape example, InputType type, IUpdater updater) {
    super(seed, example, type, updater);
  }

  /** One of each, drawn anew for each seed. */
  static Stream<GraphCase> all(long seed) {
    return all(seed, new Nesterovs(0.01, 0.9));
  }

  static Stream<GraphCase> all(long seed, IUpdater updater) {
    Random random = new Random(seed);
    return Stream.<Function<GraphCases, GraphCase>>of(
            GraphCases::convolutions,
            GraphCases::sameConvolution,
            GraphCases::pooling,
            GraphCases::samePooling,
            GraphCases::activations,
            GraphCases::norms,
            GraphCases::normOfFeatures,
            GraphCases::residual,
            GraphCases::shortcut,
            GraphCases::inception,
            GraphCases::heads,
            GraphCases::globalMaximum,
            GraphCases::layersOfThisProject,
            GraphCases::crossedResiduals)
        .map(build -> build.apply(drawn(random, updater)));
  }

  private static GraphCases drawn(Random random, IUpdater updater) {
    Shape image = drawnImage(random);
    return new GraphCases(random.nextLong(), image, typeOf(image), updater);
  }

  /** A convolution, a norm and a classifier, with classical momentum. */
  static GraphCase small(long seed) {
    return small(seed, new ClassicalMomentum(0.1, 0.9));
  }

  static GraphCase small(long seed, IUpdater updater) {
    InputType type = InputType.convolutional(8, 7, 3);
    GraphCases cases = new GraphCases(seed, Shape.of(3, 8, 7), type, updater);
    cases.add(new ConvolutionLayer.Builder(3, 3).nOut(6).build());
    cases.add(norm(0.9));
    cases.add(new ActivationLayer(Activation.RELU));
    return cases.classifier("small", 4);
  }

  /** Two convolutions and a classifier, with classical momentum. */
  static GraphCase plain(long seed) {
    InputType type = InputType.convolutional(8, 7, 3);
    IUpdater updater = new ClassicalMomentum(0.1, 0.9);
    GraphCases cases = new GraphCases(seed, Shape.of(3, 8, 7), type, updater);
    cases.add(new ConvolutionLayer.Builder(3, 3).nOut(6).build());
    cases.add(new ConvolutionLayer.Builder(3, 3).nOut(5).activation(Activation.TANH).build());
    return cases.classifier("plain", 4);
  }

  /** A leaky ReLU and a classifier. */
  static GraphCase leaky(long seed) {
    InputType type = InputType.convolutional(6, 5, 2);
    GraphCases cases = new GraphCases(seed, Shape.of(2, 6, 5), type, new Nesterovs(0.1, 0.9));
    cases.add(
        new ConvolutionLayer.Builder(3, 3).nOut(4).activation(new ActivationLReLU(0.2)).build());
    return cases.classifier("leaky", 3);
  }

  static GraphCase flatInput(long seed) {
    InputType type = InputType.convolutionalFlat(7, 9, 2);
    GraphCases cases = new GraphCases(seed, Shape.of(2 * 7 * 9), type, new Nesterovs(0.05, 0.9));
    cases.add(new ConvolutionLayer.Builder(3, 3).nOut(4).activation(Activation.TANH).build());
    return cases.classifier("flat input", 3);
  }

  /** Rows that become images and, for the dense layer, rows again. */
  static GraphCase reshapedRows(long seed) {
    InputType type = InputType.feedForward(2 * 5 * 6);
    GraphCases cases = new GraphCases(seed, Shape.of(2 * 5 * 6), type, new Nesterovs(0.05, 0.9));
    cases.vertex(new ReshapeVertex(-1, 2, 5, 6), IN);
    cases.add(new DenseLayer.Builder().nOut(7).activation(Activation.TANH).build());
    return cases.classifier("reshaped rows", 3);
  }

  /** Images that become rows and, for the norm, images of one pixel. */
  static GraphCase flattenedImages(long seed) {
    InputType type = InputType.convolutional(4, 3, 2);
    GraphCases cases = new GraphCases(seed, Shape.of(2, 4, 3), type, new Nesterovs(0.05, 0.9));
    cases.vertex(new PreprocessorVertex(new CnnToFeedForwardPreProcessor(4, 3, 2)), IN);
    cases.add(norm(0.9));
    cases.add(new DenseLayer.Builder().nOut(7).activation(Activation.TANH).build());
    return cases.classifier(NORM_OF_FEATURES + " of an input", 3);
  }

  private GraphCase convolutions() {
    add(convolution(3, 1 + random.nextInt(2), random.nextInt(2)).hasBias(false).build());
    add(convolution(2, 1, 1).dilation(2, 1).activation(Activation.RELU).build());
    add(
        new ConvolutionLayer.Builder(1, 3)
            .stride(1, 2)
            .padding(0, 1)
            .nOut(channels())
            .activation(new ActivationLReLU(0.2))
            .build());
    return classifier("convolutions", 5);
  }

  private GraphCase sameConvolution() {
    add(convolution(3, 2, 0).convolutionMode(ConvolutionMode.Same).build());
    add(
        convolution(2, 1, 0)
            .convolutionMode(ConvolutionMode.Same)
            .activation(Activation.TANH)
            .build());
    return classifier("same convolution", 4);
  }

  private GraphCase pooling() {
    add(convolution(3, 1, 1).build());
    add(pool(PoolingType.MAX, 3, 2, 1).build());
    add(pool(PoolingType.AVG, 3, 1, 1).build());
    add(pool(PoolingType.AVG, 3, 1, 1).avgPoolIncludePadInDivisor(true).build());
    add(pool(PoolingType.AVG, 2, 2, 0).build());
    return classifier("pooling", 3);
  }

  private GraphCase samePooling() {
    add(convolution(1, 1, 0).build());
    add(pool(PoolingType.MAX, 3, 2, 0).convolutionMode(ConvolutionMode.Same).build());
    add(pool(PoolingType.AVG, 2, 2, 0).convolutionMode(ConvolutionMode.Same).build());
    return classifier("same pooling", 3);
  }

  private GraphCase activations() {
    List<IActivation> functions =
        List.of(
            new ActivationReLU6(),
            new ActivationTanH(),
            new ActivationSigmoid(),
            new ActivationSoftPlus(),
            new ActivationSwish(),
            new ActivationELU(),
            new ActivationReLU(0.7, null, null),
            new ActivationReLU(null, null, 0.3),
            new ActivationReLU());
    add(convolution(3, 1, 0).build());
    for (IActivation function : functions) {
      add(new ActivationLayer.Builder().activation(function).build());
      add(convolution(1, 1, 0).build());
    }
    return classifier("activations", 3);
  }

  private GraphCase norms() {
    add(convolution(3, 2, 1).build());
    add(norm(0.8));
    add(new ActivationLayer(Activation.RELU));
    add(new LocalResponseNormalization.Builder().k(1.5).n(3).alpha(1e-4).beta(0.6).build());
    return classifier("norms", 6);
  }

  private GraphCase normOfFeatures() {
    add(new DenseLayer.Builder().nOut(7).build());
    add(norm(0.9));
    return classifier(NORM_OF_FEATURES, 6);
  }

  private GraphCase residual() {
    int width = channels();
    String in = add(new ConvolutionLayer.Builder(3, 3).padding(1, 1).nOut(width).build());
    add(new ConvolutionLayer.Builder(3, 3).padding(1, 1).nOut(width).build());
    String left = add(norm(0.9));
    last = in;
    String right = add(new ConvolutionLayer.Builder(1, 1).nOut(width).build());
    vertex(new ElementWiseVertex(ElementWiseVertex.Op.Add), left, right, in);
    add(new ActivationLayer(Activation.RELU));
    add(new GlobalPoolingLayer(PoolingType.AVG));
    return classifier("residual", 5);
  }

  /** The second sum's shortcut reads what the first sum could be written over. */
  private GraphCase crossedResiduals() {
    int width = channels();
    String in = add(same(3, width).activation(Activation.RELU).build());
    String shortcut = add(same(1, width).build());
    last = in;
    add(same(3, width).activation(Activation.RELU).build());
    String left = add(same(3, width).build());
    vertex(new ElementWiseVertex(ElementWiseVertex.Op.Add), in, left);
    add(new ActivationLayer(Activation.RELU));
    String right = add(same(3, width).build());
    vertex(new ElementWiseVertex(ElementWiseVertex.Op.Add), right, shortcut);
    add(new GlobalPoolingLayer(PoolingType.AVG));
    return classifier("crossed residuals", 4);
  }

  private static ConvolutionLayer.Builder same(int kernel, int width) {
    return new ConvolutionLayer.Builder(kernel, kernel).padding(kernel / 2, kernel / 2).nOut(width);
  }

  /** He et al. 2015's option A as the CIFAR networks write it. */
  private GraphCase shortcut() {
    String in = add(new ConvolutionLayer.Builder(3, 3).padding(1, 1).nOut(4).build());
    String main =
        add(new ConvolutionLayer.Builder(3, 3).stride(2, 2).padding(1, 1).nOut(8).build());
    last = in;
    add(pool(PoolingType.MAX, 1, 2, 0).build());
    int height = (example.get(1) + 1) / 2;
    int width = (example.get(2) + 1) / 2;
    vertex(new ReshapeVertex(-1, 1, 4, height * width), last);
    add(new ZeroPaddingLayer.Builder(2, 2, 0, 0).build());
    vertex(new ReshapeVertex(-1, 8, height, width), last);
    vertex(new ElementWiseVertex(ElementWiseVertex.Op.Add), main, last);
    return classifier("shortcut", 4);
  }

  private GraphCase inception() {
    String in = add(convolution(3, 1, 1).build());
    String left = add(convolution(1, 1, 0).build());
    last = in;
    String middle = add(convolution(3, 1, 1).activation(Activation.RELU).build());
    last = in;
    String right = add(pool(PoolingType.MAX, 3, 1, 1).build());
    vertex(new MergeVertex(), left, middle, right);
    vertex(new SubsetVertex(1, 4), last);
    // DL4J takes it to have 1 - 4 + 1 channels, unless it is told again.
    vertex(new ReshapeVertex(-1, 4, example.get(1), example.get(2)), last);
    add(new ZeroPaddingLayer.Builder(1, 0, 2, 1).build());
    return classifier("inception", 4);
  }

  /** Two outputs, one with weights that differ by class, one without parameters. */
  private GraphCase heads() {
    String in = add(convolution(3, 2, 1).activation(Activation.RELU).build());
    builder.addLayer(
        "auxiliary",
        new OutputLayer.Builder(new LossMCXENT(Nd4j.createFromArray(0.3f, 1.5f, 0.7f)))
            .nOut(3)
            .activation(Activation.SOFTMAX)
            .build(),
        in);
    last = in;
    add(new DenseLayer.Builder().nOut(5).hasBias(false).build());
    builder.addLayer(
        "main",
        new LossLayer.Builder(new LossNegativeLogLikelihood())
            .activation(Activation.SOFTMAX)
            .build(),
        last);
    builder.setOutputs("auxiliary", "main");
    return finish("heads", List.of(3, 5));
  }

  /** A norm for the classifier and one that only an auxiliary classifier needs. */
  static GraphCase auxiliaryNorm(long seed) {
    InputType type = InputType.convolutional(6, 5, 2);
    GraphCases cases = new GraphCases(seed, Shape.of(2, 6, 5), type, new Nesterovs(0.05, 0.9));
    String trunk = cases.add(new ConvolutionLayer.Builder(3, 3).nOut(4).build());
    String main = cases.add(output(3).build(), cases.add(norm(0.9)));
    String auxiliary = cases.add(output(3).build(), cases.add(norm(0.9), trunk));
    cases.builder.setOutputs(main, auxiliary);
    return cases.finish("auxiliary norm", List.of(3, 3));
  }

  private GraphCase globalMaximum() {
    add(convolution(3, 1, 0).build());
    add(
        new GlobalPoolingLayer.Builder(PoolingType.MAX)
            .collapseDimensions(random.nextBoolean())
            .build());
    return classifier("global maximum", 4);
  }

  private GraphCase layersOfThisProject() {
    add(convolution(1, 1, 0).nOut(6).build());
    add(
        new GroupedConvolution.Builder(3, 3, 3)
            .padding(1, 1)
            .nOut(9)
            .activation(Activation.RELU)
            .build());
    add(new ExactLocalResponseNormalization(5, 1, 0.5, 0.75));
    add(ceilMode(SubsamplingLayer.PoolingType.MAX, 3, 2, 0).build());
    add(ceilMode(SubsamplingLayer.PoolingType.AVG, 2, 2, 0).build());
    add(ceilMode(SubsamplingLayer.PoolingType.AVG, 2, 1, 1).build());
    add(new AdaptiveAveragePooling(1, 1));
    add(
        new OutputLayer.Builder(new SmoothedCrossEntropy(0.1, 0.7))
            .nOut(5)
            .activation(Activation.SOFTMAX)
            .build());
    builder.setOutputs(last);
    return finish("layers of this project", List.of(5));
  }

  /** Pictures in bytes. */
  static GraphCase bytes(long seed) {
    InputType type = InputType.convolutional(9, 8, 3, CNN2DFormat.NHWC);
    GraphCases cases =
        new GraphCases(seed, Shape.of(9, 8, 3), type, new ClassicalMomentum(0.05, 0.9));
    cases.add(
        new InputNormalization(
            new double[] {0.485, 0.456, 0.406}, new double[] {0.229, 0.224, 0.225}));
    cases.add(new ConvolutionLayer.Builder(3, 3).stride(2, 2).nOut(5).build());
    return cases.classifier("bytes", 3);
  }

  /** Local response normalisation that does much. */
  static GraphCase strongResponses(long seed) {
    InputType type = InputType.convolutional(5, 5, 2);
    GraphCases cases = new GraphCases(seed, Shape.of(2, 5, 5), type, new Nesterovs(0.1, 0.9));
    cases.add(new ConvolutionLayer.Builder(2, 2).nOut(6).build());
    cases.add(new LocalResponseNormalization.Builder().k(1).n(5).alpha(0.5).beta(0.75).build());
    return cases.classifier("strong responses", 3);
  }

  /** Dropout between the input and the classifier. */
  static GraphCase dropout(long seed, double keep) {
    InputType type = InputType.convolutional(20, 20, 3);
    GraphCases cases = new GraphCases(seed, Shape.of(3, 20, 20), type, new Nesterovs(0.1, 0.9));
    cases.add(new DropoutLayer.Builder(keep).build());
    return cases.classifier("dropout", 4);
  }

  /** Dropout on the inputs of a convolution, a dense and an output layer, and as a layer. */
  static GraphCase dropouts(long seed) {
    InputType type = InputType.convolutional(6, 5, 2);
    GraphCases cases = new GraphCases(seed, Shape.of(2, 6, 5), type, new Nesterovs(0.05, 0.9));
    cases.add(
        new ConvolutionLayer.Builder(3, 3)
            .nOut(4)
            .dropOut(0.8)
            .activation(Activation.TANH)
            .build());
    cases.add(new DropoutLayer.Builder(0.7).build());
    cases.add(new DenseLayer.Builder().nOut(10).dropOut(0.6).activation(Activation.TANH).build());
    cases.add(output(3).dropOut(0.75).build());
    cases.builder.setOutputs(cases.last);
    return cases.finish("dropouts", List.of(3));
  }

  private static BatchNormalization norm(double decay) {
    return new BatchNormalization.Builder().useLogStd(false).decay(decay).eps(1e-2).build();
  }
}
