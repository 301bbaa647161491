package dev.convoy.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.models.layers.SmoothedCrossEntropy;
import dev.convoy.models.state.ParameterLayout;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class ModelRegistryTest {
  private static final ModelRegistry REGISTRY = ModelRegistry.standard();

  static Stream<String> names() {
    return REGISTRY.all().stream().map(Architecture::name);
  }

  @ParameterizedTest
  @CsvSource({
    "lenet, 61706, 416520",
    "resnet20_cifar, 269722, 40551040",
    "resnet32_cifar, 464154, 68862592",
    "resnet44_cifar, 658586, 97174144",
    "resnet56_cifar, 853018, 125485696",
    "resnet110_cifar, 1727962, 252887680",
    "resnet18, 11689512, 1814073344",
    "resnet34, 21797672, 3663761408",
    "resnet50, 25557032, 4089184256",
    "resnext50_32x4d, 25028904, 4230479872",
    "densenet121, 7978856, 2834161664",
    "vgg11, 132863336, 7609090048",
    "vgg16, 138357544, 15470264320",
    "alexnet, 61100840, 714188480",
    "googlenet, 13004888, 1498376192",
  })
  void hasThePublishedSize(String name, long parameters, long multiplyAdds) {
    ModelSummary summary = ModelSummary.of(REGISTRY, REGISTRY.defaultSpec(name));
    assertThat(summary.parameters()).isEqualTo(parameters);
    assertThat(summary.multiplyAdds()).isEqualTo(multiplyAdds);
    assertThat(summary.render()).contains(String.format("%,d", parameters));
  }

  /**
   * For every entry, narrowed: shape, nothing but numbers, and a gradient on each parameter. With
   * dropout a gradient may be missing by chance, so it is off.
   */
  @ParameterizedTest
  @MethodSource("names")
  void everyModelTrains(String name) {
    Architecture architecture = REGISTRY.get(name);
    int side = Math.max(architecture.smallestSide(), 8);
    ModelSpec spec =
        new ModelSpec(name, narrow(architecture), new InputShape(2, side, side + 1), 3);
    ComputationGraph graph = REGISTRY.build(spec, 5);
    INDArray input = Nd4j.rand(DataType.FLOAT, 4, 2, side, side + 1).subi(0.5);
    assertThat(graph.output(input)[0].shape()).containsExactly(4, 3);
    Dropouts.switchOff(graph);
    INDArray labels = Nd4j.eye(3).castTo(DataType.FLOAT).get(Nd4j.createFromArray(0, 1, 2, 0));
    graph.setInputs(input);
    graph.setLabels(
        Collections.nCopies(graph.getNumOutputArrays(), labels).toArray(INDArray[]::new));
    graph.computeGradientAndScore();
    assertThat(graph.score()).isBetween(0.1, 30.0);
    float[] gradient = graph.getGradientsViewArray().dup().data().asFloat();
    for (var slot : ParameterLayout.of(graph).slots()) {
      double norm = 0;
      for (int i = slot.offset(); i < slot.offset() + slot.length(); i++) {
        norm += gradient[i] * gradient[i];
      }
      assertThat(norm).as(slot.name()).isPositive().isFinite();
    }
    graph.close();
  }

  /** Every argument at a quarter of its default. */
  private static Map<String, Object> narrow(Architecture architecture) {
    return architecture.arguments().stream()
        .collect(
            Collectors.toMap(
                ModelArgument::name,
                argument -> Math.max(argument.smallest(), argument.defaultValue() / 4)));
  }

  @ParameterizedTest
  @MethodSource("names")
  void theSmallestInputWorksAndASmallerOneIsRefused(String name) {
    int smallest = REGISTRY.get(name).smallestSide();
    ModelSpec fits = ModelSpec.of(name, new InputShape(1, smallest, smallest), 2);
    assertThat(ModelSummary.of(REGISTRY, fits).layers())
        .allSatisfy(layer -> assertThat(layer.outputShape()).allMatch(size -> size > 0));
    if (smallest == 1) {
      return;
    }
    for (InputShape small :
        List.of(
            new InputShape(1, smallest - 1, smallest), new InputShape(1, smallest, smallest - 1))) {
      assertThatThrownBy(() -> REGISTRY.validate(ModelSpec.of(name, small, 2)))
          .isInstanceOf(InvalidModelException.class)
          .hasMessageContaining("smallest height and width of " + name + " is " + smallest);
    }
  }

  @Test
  void initialisationIsAFunctionOfTheSeedAlone() throws InterruptedException {
    ModelSpec spec = REGISTRY.defaultSpec("lenet");
    float[] first = parameters(spec, 3);
    Nd4j.getRandom().setSeed(12345);
    long before = Nd4j.getRandom().getSeed();
    float[][] again = new float[2][];
    again[0] = parameters(spec, 3);
    assertThat(Nd4j.getRandom().getSeed()).isEqualTo(before);
    Thread other = new Thread(() -> again[1] = parameters(spec, 3));
    other.start();
    other.join();
    assertThat(again[0]).isEqualTo(first);
    assertThat(again[1]).isEqualTo(first);
    assertThat(parameters(spec, 4)).isNotEqualTo(first);
  }

  @Test
  void googLeNetsAuxiliaryOutputsComeAfterTheClassifier() {
    ModelSpec spec = REGISTRY.defaultSpec("googlenet");
    var configuration = REGISTRY.configuration(spec, DataType.FLOAT);
    assertThat(configuration.getNetworkOutputs()).containsExactly("fc", "aux1.fc2", "aux2.fc2");
    for (String auxiliary : List.of("aux1.fc2", "aux2.fc2")) {
      var vertex = (LayerVertex) configuration.getVertices().get(auxiliary);
      var output = (OutputLayer) vertex.getLayerConf().getLayer();
      assertThat(output.getLossFn()).isEqualTo(new SmoothedCrossEntropy(0, 0.3));
    }
    ModelSummary summary = ModelSummary.of(REGISTRY, spec);
    long withoutThem =
        summary.layers().stream()
            .filter(layer -> !layer.name().startsWith("aux"))
            .mapToLong(LayerSummary::parameters)
            .sum();
    assertThat(withoutThem).isEqualTo(6_624_904);
    assertThat(summary.render())
        .contains("Auxiliary outputs, for training only, take 8,372,224 multiply-adds more.");
  }

  @Test
  void onlyTheseNeedLayersThatDl4jLacks() {
    assertThat(
            names()
                .filter(
                    name ->
                        REGISTRY
                            .configuration(REGISTRY.defaultSpec(name), DataType.FLOAT)
                            .toJson()
                            .contains("dev.convoy")))
        .containsExactly("googlenet", "resnext50_32x4d");
  }

  @Test
  void widthIsAnArgument() {
    ModelSpec wide =
        new ModelSpec("resnet20_cifar", Map.of("width", 32), new InputShape(3, 32, 32), 10);
    // 928 before the stages, 55,680 + 203,520 + 812,544 in them, 1,290 after.
    assertThat(ModelSummary.of(REGISTRY, wide).parameters()).isEqualTo(1_073_962);
  }

  @Test
  void saysEverythingThatIsWrongAtOnce() {
    ModelSpec wrong =
        new ModelSpec(
            "resnet20_cifar", Map.of("widht", 3, "width", 1.5), new InputShape(3, 2, 2), 1);
    assertThatThrownBy(() -> REGISTRY.build(wrong, 1))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("no argument widht")
        .hasMessageContaining("Did you mean width?")
        .hasMessageContaining("width is 1.5 (Double); it has to be a whole number")
        .hasMessageContaining("smallest height and width")
        .hasMessageContaining("classes is 1");
  }

  @Test
  void anUnknownNameGetsNearOnesAndTheOtherProblems() {
    assertThatThrownBy(() -> REGISTRY.get("resnet20cifar"))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("Did you mean resnet20_cifar");
    ModelSpec wrong = ModelSpec.of("lenett", new InputShape(1, 28, 28), 0);
    assertThatThrownBy(() -> REGISTRY.validate(wrong))
        .hasMessageContaining("Did you mean lenet or alexnet?")
        .hasMessageContaining("classes is 0");
    assertThatThrownBy(() -> REGISTRY.get("zzzzzzzzz"))
        .hasMessageContaining("Known: alexnet, ")
        .hasMessageNotContaining("Did you mean");
  }

  @Test
  void aBadInputShapeIsRefusedByItself() {
    assertThatThrownBy(() -> new InputShape(0, 28, 28)).hasMessageContaining("channels is 0");
    assertThatThrownBy(() -> new InputShape(1, 28, -1)).hasMessageContaining("28x-1");
    assertThatCode(() -> new InputShape(1, 1, 1)).doesNotThrowAnyException();
  }

  private static float[] parameters(ModelSpec spec, long seed) {
    return REGISTRY.build(spec, seed).params().dup().data().asFloat();
  }
}
