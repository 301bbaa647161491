package dev.convoy.models.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.convoy.models.Dropouts;
import dev.convoy.models.ModelRegistry;
import dev.convoy.models.ModelSpec;
import dev.convoy.models.state.ParameterKind;
import dev.convoy.models.state.ParameterLayout;
import dev.convoy.models.state.ParameterSlot;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.assertj.core.data.Percentage;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The networks in float64 against PyTorch's float64. */
class GoldenTest {
  private static final double TOLERANCE = 1e-8;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "lenet",
        "resnet20_cifar",
        "resnet20_cifar_b",
        "resnet56_cifar",
        "resnet18",
        "resnext50_32x4d",
        "googlenet",
        "googlenet_paper",
        "nin_cifar",
        "densenet_40_12"
      })
  void agreesWithPyTorch(String name) {
    check(GoldenNetwork.load(name));
  }

  @ParameterizedTest
  @Tag("full")
  @ValueSource(
      strings = {
        "resnet34",
        "resnet50",
        "resnet50_1x1",
        "resnet101",
        "resnet152",
        "resnext101_32x8d",
        "resnext101_64x4d",
        "resnext29_8x64d",
        "densenet121",
        "densenet161",
        "densenet169",
        "densenet201",
        "densenet264",
        "densenet_bc_100_12",
        "alexnet",
        "alexnet_lecture",
        "alexnet_paper",
        "nin_imagenet",
        "vgg11",
        "vgg13_bn",
        "vgg16",
        "vgg19",
        "vgg_a_lrn",
        "vgg_c"
      })
  void largerOnesAgreeWithPyTorch(String name) {
    check(GoldenNetwork.load(name));
  }

  private static void check(GoldenNetwork golden) {
    ModelSpec spec = golden.spec();
    ComputationGraph graph = ModelRegistry.standard().build(spec, 1, DataType.DOUBLE);
    ParameterLayout layout = ParameterLayout.of(graph);
    assertThat(layout.trainable()).isEqualTo(golden.json().get("trainable_parameters").intValue());
    assertThat(shapes(layout)).isEqualTo(shapes(golden.json().get("parameters")));
    for (ParameterSlot slot : layout.slots()) {
      view(graph.params(), slot).assign(Nd4j.createFromArray(golden.parameters(slot)));
    }
    INDArray input =
        Nd4j.createFromArray(golden.input())
            .reshape(
                golden.examples(),
                spec.input().channels(),
                spec.input().height(),
                spec.input().width());

    checkPass(golden.json().get("eval"), graph, input, golden);

    Dropouts.switchOff(graph);
    graph.setInputs(input);
    INDArray[] labels = new INDArray[graph.getNumOutputArrays()];
    Arrays.fill(labels, oneHot(golden));
    graph.setLabels(labels);
    graph.computeGradientAndScore();
    JsonNode train = golden.json().get("train");
    assertThat(graph.score())
        .isCloseTo(train.get("loss").doubleValue(), Percentage.withPercentage(100 * TOLERANCE));
    checkGradients(train, layout, graph.getGradientsViewArray(), golden.examples());
    checkRunningStatistics(train, graph, layout, golden);
    graph.getGradientsViewArray().close();
    graph.params().close();
    graph.close();
    Nd4j.getWorkspaceManager().destroyAllWorkspacesForCurrentThread();
  }

  private static void checkPass(
      JsonNode pass, ComputationGraph graph, INDArray input, GoldenNetwork golden) {
    double[] probabilities = graph.output(input)[0].dup('c').data().asDouble();
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
        .as("loss")
        .isCloseTo(pass.get("loss").doubleValue(), Percentage.withPercentage(100 * TOLERANCE));
    // Softmax forgets a constant of each row; the recorded first logits are all of row one.
    JsonNode first = pass.get("logits").get("first");
    for (int i = 1; i < first.size(); i++) {
      double difference = Math.log(probabilities[i] / probabilities[0]);
      double expected = first.get(i).doubleValue() - first.get(0).doubleValue();
      assertThat(difference).as("logit " + i).isCloseTo(expected, within(1e-8));
    }
  }

  private static void checkGradients(
      JsonNode train, ParameterLayout layout, INDArray gradient, int examples) {
    int compared = 0;
    for (ParameterSlot slot : layout.slots()) {
      if (slot.kind().trainable()) {
        double[] mean = values(gradient, slot);
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
      JsonNode train, ComputationGraph graph, ParameterLayout layout, GoldenNetwork golden) {
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
        double[] after = values(graph.params(), slot);
        double[] gradient = values(graph.getGradientsViewArray(), slot);
        for (int i = 0; i < after.length; i++) {
          double before = after[i];
          double batch = before - gradient[i] / 0.1;
          boolean variance = slot.kind() == ParameterKind.RUNNING_VARIANCE;
          after[i] = 0.9 * before + 0.1 * batch * (variance ? n / (n - 1) : 1);
        }
        GoldenTensor.assertClose(slot.name(), expected.get(slot.name()), after, TOLERANCE);
        compared++;
      }
    }
    assertThat(compared).isEqualTo(expected.size());
  }

  private static INDArray view(INDArray flat, ParameterSlot slot) {
    return flat.reshape(flat.length())
        .get(NDArrayIndex.interval(slot.offset(), slot.offset() + slot.length()));
  }

  private static double[] values(INDArray flat, ParameterSlot slot) {
    return view(flat, slot).dup().data().asDouble();
  }

  private static String vertex(ParameterSlot slot) {
    return slot.name().substring(0, slot.name().lastIndexOf('.'));
  }

  private static INDArray oneHot(GoldenNetwork golden) {
    double[][] rows = new double[golden.examples()][golden.spec().classes()];
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
        shapes.put(slot.name(), Arrays.toString(slot.shape()).replace(" ", ""));
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
