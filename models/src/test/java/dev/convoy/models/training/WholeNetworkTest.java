package dev.convoy.models.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.models.InitialParameters;
import dev.convoy.models.InputShape;
import dev.convoy.models.ModelRegistry;
import dev.convoy.models.ModelSpec;
import dev.convoy.models.state.NetworkState;
import dev.convoy.models.state.ParameterLayout;
import dev.convoy.models.state.ParameterSlot;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Whole networks on the engine in float32 beside stock DL4J in float32 and in float64. Deep
 * networks at random weights amplify rounding so much that the engine is held to what stock float32
 * itself achieves: at most three times its distance from float64, or 1e-4.
 */
class WholeNetworkTest {
  private static final double AGREEMENT = 1e-4;
  private static final double OF_STOCK = 3;

  @ParameterizedTest
  @CsvSource({"lenet, 28, 5", "resnet20_cifar, 32, 3", "resnet18, 32, 2", "resnext50_32x4d, 32, 2"})
  void isAsNearToFloat64AsStock(String name, int side, int examples) {
    check(name, side, examples);
  }

  @ParameterizedTest
  @Tag("full")
  @CsvSource({
    "resnet56_cifar, 32, 4",
    "resnet18, 97, 3",
    "resnet50, 96, 2",
    "resnext50_32x4d, 96, 2",
    "densenet121, 64, 2"
  })
  void isAsNearToFloat64AsStockAtSize(String name, int side, int examples) {
    check(name, side, examples);
  }

  /** With dropout, whose masks stock draws from elsewhere, and several outputs: inference. */
  @ParameterizedTest
  @Tag("full")
  @CsvSource({"alexnet, 224, 1", "vgg16, 64, 1", "googlenet, 64, 2"})
  void predictsAsNearToFloat64AsStock(String name, int side, int examples) {
    ModelSpec wide = spec(name, side);
    // Their dense layers of 4,096 units hold nearly all parameters and show nothing more.
    Map<String, Object> narrow =
        name.equals("googlenet") ? Map.of() : Map.<String, Object>of("hidden", 512);
    ModelSpec spec = new ModelSpec(name, narrow, wide.input(), wide.classes());
    float[] images = Replicas.images(spec, examples, 1);
    var settings = new OptimizerSettings(0, 0, Set.of());
    try (TrainingReplica replica = TrainingReplica.create(spec, settings, 0, Replicas.PROFILE)) {
      NetworkState start = InitialParameters.state(replica.layout(), 1);
      replica.restore(start);
      double[] engine = doubles(replica.probabilities(images, examples));
      double[] exact = predicted(spec, DataType.DOUBLE, start, images, examples);
      double[] single = predicted(spec, DataType.FLOAT, start, images, examples);
      assertNear("predictions", engine, single, exact);
      // That it trains at all, with its dropout and its auxiliary outputs.
      assertThat(replica.step(images, Replicas.labels(examples, 1), 0)).isFinite();
      for (float slope : replica.capture().momentum()) {
        assertThat(Float.isFinite(slope)).isTrue();
      }
    }
  }

  private static ModelSpec spec(String name, int side) {
    ModelSpec own = ModelRegistry.standard().defaultSpec(name);
    return ModelSpec.of(name, new InputShape(own.input().channels(), side, side), 10);
  }

  private static double[] predicted(
      ModelSpec spec, DataType type, NetworkState start, float[] images, int examples) {
    ComputationGraph graph = graph(spec, type, start);
    double[] predicted =
        graph.output(input(spec, type, images, examples))[0].dup('c').data().asDouble();
    graph.close();
    return predicted;
  }

  private static ComputationGraph graph(ModelSpec spec, DataType type, NetworkState start) {
    ComputationGraph graph = ModelRegistry.standard().build(spec, 1, type);
    graph.params().assign(Nd4j.createFromArray(new float[][] {start.parameters()}).castTo(type));
    return graph;
  }

  private static INDArray input(ModelSpec spec, DataType type, float[] images, int examples) {
    InputShape shape = spec.input();
    return Nd4j.createFromArray(images)
        .reshape(examples, shape.channels(), shape.height(), shape.width())
        .castTo(type);
  }

  private static void check(String name, int side, int examples) {
    ModelSpec spec = spec(name, side);
    float[] images = Replicas.images(spec, examples, 1);
    int[] labels = Replicas.labels(examples, 1);
    var settings = new OptimizerSettings(0, 0, Set.of());
    try (TrainingReplica replica = TrainingReplica.create(spec, settings, 0, Replicas.PROFILE)) {
      ParameterLayout layout = replica.layout();
      NetworkState start = InitialParameters.state(layout, 1);
      replica.restore(start);
      float[] probabilities = replica.probabilities(images, examples);
      double loss = replica.step(images, labels, 0);
      Pass exact = stock(spec, DataType.DOUBLE, start, images, labels);
      Pass single = stock(spec, DataType.FLOAT, start, images, labels);
      Pass engine = new Pass(doubles(probabilities), loss, doubles(replica.capture().momentum()));
      compare(layout, engine, single, exact);
    }
  }

  private static void compare(ParameterLayout layout, Pass engine, Pass single, Pass exact) {
    assertNear("loss", one(engine.loss), one(single.loss), one(exact.loss));
    assertNear("predictions", engine.probabilities, single.probabilities, exact.probabilities);
    for (ParameterSlot slot : layout.slots()) {
      if (slot.kind().trainable()) {
        assertNear(
            "gradient of " + slot.name(),
            part(engine.gradient, slot),
            part(single.gradient, slot),
            part(exact.gradient, slot));
      }
    }
  }

  private static void assertNear(String what, double[] engine, double[] single, double[] exact) {
    double allowed = Math.max(AGREEMENT, OF_STOCK * distance(single, exact));
    assertThat(distance(engine, exact)).as(what).isLessThanOrEqualTo(allowed);
  }

  /** The length of the difference by the length of the exact vector. */
  private static double distance(double[] values, double[] exact) {
    double difference = 0;
    double length = 0;
    for (int i = 0; i < exact.length; i++) {
      difference += (values[i] - exact[i]) * (values[i] - exact[i]);
      length += exact[i] * exact[i];
    }
    return length == 0 ? Math.sqrt(difference) : Math.sqrt(difference / length);
  }

  /** Gradients are means over the batch. */
  private record Pass(double[] probabilities, double loss, double[] gradient) {}

  private static Pass stock(
      ModelSpec spec, DataType type, NetworkState start, float[] images, int[] labels) {
    int examples = labels.length;
    ComputationGraph graph = graph(spec, type, start);
    INDArray input = input(spec, type, images, examples);
    INDArray oneHot = Nd4j.zeros(type, examples, spec.classes());
    IntStream.range(0, examples).forEach(i -> oneHot.putScalar(i, labels[i], 1));
    double[] probabilities = graph.output(input)[0].dup('c').data().asDouble();
    graph.setInputs(input);
    graph.setLabels(
        IntStream.range(0, graph.getNumOutputArrays())
            .mapToObj(i -> oneHot)
            .toArray(INDArray[]::new));
    graph.computeGradientAndScore();
    double[] gradient = graph.getGradientsViewArray().dup().data().asDouble();
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] /= examples;
    }
    Pass pass = new Pass(probabilities, graph.score(), gradient);
    graph.close();
    return pass;
  }

  private static double[] part(double[] flat, ParameterSlot slot) {
    return Arrays.copyOfRange(flat, slot.offset(), slot.offset() + slot.length());
  }

  private static double[] one(double value) {
    return new double[] {value};
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }
}
