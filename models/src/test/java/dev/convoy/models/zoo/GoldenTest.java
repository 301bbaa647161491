package dev.convoy.models.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.convoy.models.ModelRegistry;
import dev.convoy.models.ModelSpec;
import dev.convoy.models.state.ParameterKind;
import dev.convoy.models.state.ParameterLayout;
import dev.convoy.models.state.ParameterSlot;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.assertj.core.data.Percentage;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The networks in float64 against PyTorch's float64. */
class GoldenTest {
  private static final double TOLERANCE = 1e-8;

  @ParameterizedTest
  @ValueSource(strings = {"lenet", "resnet20_cifar", "resnet56_cifar"})
  void agreesWithPyTorch(String name) {
    GoldenNetwork golden = GoldenNetwork.load(name);
    ModelSpec spec = golden.spec();
    ComputationGraph graph = ModelRegistry.standard().build(spec, 1, DataType.DOUBLE);
    ParameterLayout layout = ParameterLayout.of(graph);
    assertThat(layout.trainable()).isEqualTo(golden.json().get("trainable_parameters").intValue());
    assertThat(shapes(layout)).isEqualTo(shapes(golden.json().get("parameters")));
    double[] parameters = golden.parameters(layout);
    graph.params().assign(Nd4j.createFromArray(parameters).reshape(1, parameters.length));
    INDArray input =
        Nd4j.createFromArray(golden.input())
            .reshape(
                golden.examples(),
                spec.input().channels(),
                spec.input().height(),
                spec.input().width());
    INDArray labels = oneHot(golden);

    checkPass("eval", golden.json().get("eval"), graph, input, golden);

    graph.setInputs(input);
    graph.setLabels(labels);
    graph.computeGradientAndScore();
    JsonNode train = golden.json().get("train");
    assertThat(graph.score())
        .isCloseTo(train.get("loss").doubleValue(), Percentage.withPercentage(100 * TOLERANCE));
    double[] gradient = graph.getGradientsViewArray().dup().data().asDouble();
    checkGradients(train, layout, gradient, golden.examples());
    checkRunningStatistics(train, graph, layout, parameters, gradient, golden);
    graph.close();
  }

  private static void checkPass(
      String what, JsonNode pass, ComputationGraph graph, INDArray input, GoldenNetwork golden) {
    double[] probabilities = graph.outputSingle(input).dup('c').data().asDouble();
    int classes = probabilities.length / golden.examples();
    double loss = 0;
    int[] labels = golden.labels();
    for (int i = 0; i < golden.examples(); i++) {
      loss -= Math.log(probabilities[i * classes + labels[i]]) / golden.examples();
      int from = i * classes;
      int best =
          IntStream.range(0, classes)
              .reduce((a, b) -> probabilities[from + a] >= probabilities[from + b] ? a : b)
              .orElseThrow();
      assertThat(best).isEqualTo(pass.get("argmax").get(i).intValue());
    }
    assertThat(loss)
        .as(what + " loss")
        .isCloseTo(pass.get("loss").doubleValue(), Percentage.withPercentage(100 * TOLERANCE));
    // Softmax forgets a constant of each row; the recorded first logits are all of row one.
    JsonNode first = pass.get("logits").get("first");
    for (int i = 1; i < first.size(); i++) {
      double difference = Math.log(probabilities[i] / probabilities[0]);
      double expected = first.get(i).doubleValue() - first.get(0).doubleValue();
      assertThat(difference).as(what + " logit " + i).isCloseTo(expected, within(1e-8));
    }
  }

  private static void checkGradients(
      JsonNode train, ParameterLayout layout, double[] gradient, int examples) {
    int compared = 0;
    for (ParameterSlot slot : layout.slots()) {
      if (slot.kind().trainable()) {
        double[] mean = GoldenTensor.slice(gradient, slot.offset(), slot.length());
        for (int i = 0; i < mean.length; i++) {
          mean[i] /= examples;
        }
        JsonNode expected = train.get("gradients").get(slot.name());
        GoldenTensor.assertClose("gradient of " + slot.name(), expected, mean, TOLERANCE);
        compared++;
      }
    }
    assertThat(compared).isEqualTo(train.get("gradients").size());
  }

  private static void checkRunningStatistics(
      JsonNode train,
      ComputationGraph graph,
      ParameterLayout layout,
      double[] parameters,
      double[] gradient,
      GoldenNetwork golden) {
    var input = golden.spec().input();
    Map<String, InputType> types =
        graph
            .getConfiguration()
            .getLayerActivationTypes(
                InputType.convolutional(input.height(), input.width(), input.channels()));
    JsonNode expected = train.get("running_after_one_step");
    int compared = 0;
    for (ParameterSlot slot : layout.slots()) {
      if (!slot.kind().trainable()) {
        var image = (InputType.InputTypeConvolutional) types.get(vertex(slot));
        double n = golden.examples() * (double) (image.getHeight() * image.getWidth());
        double[] after = new double[slot.length()];
        for (int i = 0; i < after.length; i++) {
          double before = parameters[slot.offset() + i];
          double batch = before - gradient[slot.offset() + i] / 0.1;
          boolean variance = slot.kind() == ParameterKind.RUNNING_VARIANCE;
          after[i] = 0.9 * before + 0.1 * batch * (variance ? n / (n - 1) : 1);
        }
        GoldenTensor.assertClose(slot.name(), expected.get(slot.name()), after, TOLERANCE);
        compared++;
      }
    }
    assertThat(compared).isEqualTo(expected.size());
  }

  private static String vertex(ParameterSlot slot) {
    return slot.name().substring(0, slot.name().lastIndexOf('.'));
  }

  private static INDArray oneHot(GoldenNetwork golden) {
    double[][] rows = new double[golden.examples()][10];
    int[] labels = golden.labels();
    for (int i = 0; i < labels.length; i++) {
      rows[i][labels[i]] = 1;
    }
    return Nd4j.createFromArray(rows);
  }

  private static Map<String, String> shapes(ParameterLayout layout) {
    Map<String, String> shapes = new TreeMap<>();
    for (ParameterSlot slot : layout.slots()) {
      if (slot.kind().trainable()) {
        shapes.put(slot.name(), java.util.Arrays.toString(slot.shape()).replace(" ", ""));
      }
    }
    return shapes;
  }

  private static Map<String, String> shapes(JsonNode parameters) {
    Map<String, String> shapes = new TreeMap<>();
    parameters.fields().forEachRemaining(e -> shapes.put(e.getKey(), e.getValue().toString()));
    return shapes;
  }

  private static org.assertj.core.data.Offset<Double> within(double offset) {
    return org.assertj.core.data.Offset.offset(offset);
  }
}
