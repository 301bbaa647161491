package dev.convoy.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.models.layers.CeilModePooling;
import dev.convoy.models.layers.SmoothedCrossEntropy;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

class ModelRegistryTest {
  private static final ModelRegistry REGISTRY = ModelRegistry.standard();

  static Stream<String> names() {
    return REGISTRY.all().stream().map(Architecture::name);
  }

  @ParameterizedTest
  @CsvSource({
    "alexnet, 61100840, 714188480",
    "alexnet_lecture, 62378344, 1135256096",
    "alexnet_paper, 60965224, 724406816",
    "densenet121, 7978856, 2834161664",
    "densenet161, 28681000, 7727907072",
    "densenet169, 14149480, 3359843328",
    "densenet201, 20013928, 4291365888",
    "densenet264, 33337704, 5751653376",
    "densenet_40_12, 1019722, 264812928",
    "densenet_bc_100_12, 769162, 287929692",
    "densenet_bc_190_40, 25624430, 9301945740",
    "densenet_bc_250_24, 15324406, 5418785724",
    "googlenet, 13004888, 1498376192",
    "lenet, 61706, 416520",
    "nin_cifar, 966986, 222486528",
    "nin_imagenet, 7595176, 1100188800",
    "resnet101, 44549160, 7801405440",
    "resnet110_cifar, 1727962, 252887680",
    "resnet1202_cifar, 19421274, 2829238912",
    "resnet152, 60192808, 11513626624",
    "resnet18, 11689512, 1814073344",
    "resnet20_cifar, 269722, 40551040",
    "resnet32_cifar, 464154, 68862592",
    "resnet34, 21797672, 3663761408",
    "resnet44_cifar, 658586, 97174144",
    "resnet50, 25557032, 4089184256",
    "resnet56_cifar, 853018, 125485696",
    "resnext101_32x4d, 44177704, 7969996800",
    "resnext101_32x8d, 88791336, 16414015488",
    "resnext101_64x4d, 83455272, 15460270080",
    "resnext29_16x64d, 68155210, 10688866304",
    "resnext29_8x64d, 34426698, 5387266048",
    "resnext50_32x4d, 25028904, 4230479872",
    "vgg11, 132863336, 7609090048",
    "vgg13, 133047848, 11308466176",
    "vgg16, 138357544, 15470264320",
    "vgg19, 143667240, 19632062464",
    "vgg_a_lrn, 132863336, 7609090048",
    "vgg_c, 133638952, 11770888192",
  })
  void hasThePublishedSize(String name, long parameters, long multiplyAdds) {
    ModelSummary summary = ModelSummary.of(REGISTRY, REGISTRY.defaultSpec(name));
    assertThat(summary.parameters()).isEqualTo(parameters);
    assertThat(summary.multiplyAdds()).isEqualTo(multiplyAdds);
    assertThat(summary.render()).contains(String.format("%,d", parameters));
  }

  /** torchvision's with batch norm, ResNets for CIFAR with projections, and the first GoogLeNet. */
  @ParameterizedTest
  @CsvSource({
    "vgg11, batch_norm, 1, 132868840, 7609090048",
    "vgg13, batch_norm, 1, 133053736, 11308466176",
    "vgg16, batch_norm, 1, 138365992, 15470264320",
    "vgg19, batch_norm, 1, 143678248, 19632062464",
    "vgg_c, batch_norm, 1, 133647400, 11770888192",
    "googlenet, batch_norm, 0, 13378280, 1582671872",
    "resnet20_cifar, shortcut, B, 272474, 40813184",
    "resnet110_cifar, shortcut, B, 1730714, 253149824",
    "resnet50, stride_in_1x1, 1, 25557032, 3857973248",
    "resnet50, stride_in_1x1, 0, 25557032, 4089184256",
  })
  void hasThePublishedSizeInItsOtherForms(
      String name, String argument, String value, long parameters, long multiplyAdds) {
    Object given = value.matches("\\d") ? Integer.valueOf(value) : value;
    ModelSpec usual = REGISTRY.defaultSpec(name);
    ModelSpec spec = new ModelSpec(name, Map.of(argument, given), usual.input(), usual.classes());
    ModelSummary summary = ModelSummary.of(REGISTRY, spec);
    assertThat(summary.parameters()).isEqualTo(parameters);
    assertThat(summary.multiplyAdds()).isEqualTo(multiplyAdds);
  }

  @ParameterizedTest
  @MethodSource("names")
  void theSmallestInputWorksAndASmallerOneIsRefused(String name) {
    checkSmallest(name, Map.of());
  }

  @Test
  void networksForWhichCheckpointsHaveNoRoomAreRefusedBeforeMemoryIsTaken() {
    ModelSpec wide =
        new ModelSpec("vgg16", Map.of("hidden", 65_536), new InputShape(3, 224, 224), 1000);
    assertThatThrownBy(() -> ModelRegistry.standard().buildEmpty(wide))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("checkpoints have no room");
  }

  @Test
  void theSmallestInputMayDependOnTheArguments() {
    checkSmallest("googlenet", Map.of("batch_norm", 0));
    checkSmallest("resnet20_cifar", Map.of("shortcut", "B"));
  }

  private static void checkSmallest(String name, Map<String, Object> arguments) {
    InputShape usual = REGISTRY.get(name).defaultInput();
    int smallest = REGISTRY.get(name).smallestSide(new ModelSpec(name, arguments, usual, 2));
    ModelSpec fits = new ModelSpec(name, arguments, new InputShape(1, smallest, smallest), 2);
    assertThat(isBuilt(fits)).isTrue();
    assertThat(ModelSummary.of(REGISTRY, fits).layers())
        .allSatisfy(layer -> assertThat(layer.outputShape()).allMatch(size -> size > 0));
    if (smallest == 1) {
      return;
    }
    for (InputShape small :
        List.of(
            new InputShape(1, smallest - 1, smallest), new InputShape(1, smallest, smallest - 1))) {
      // It is the smallest: DL4J cannot build this one, or leaves nothing of the image.
      ModelSpec tooSmall = new ModelSpec(name, arguments, small, 2);
      assertThat(isBuilt(tooSmall)).isFalse();
      assertThatThrownBy(() -> REGISTRY.validate(tooSmall))
          .isInstanceOf(InvalidModelException.class)
          .hasMessageContaining("smallest height and width of " + name + " is " + smallest);
    }
  }

  /** Whether every window finds a pixel; DL4J says 1 pixel where a window is larger than all. */
  private static boolean isBuilt(ModelSpec spec) {
    try {
      var configuration = REGISTRY.get(spec.name()).configuration(spec, DataType.FLOAT);
      InputShape input = spec.input();
      Map<String, InputType> shapes =
          configuration.getLayerActivationTypes(
              InputType.convolutional(input.height(), input.width(), input.channels()));
      return configuration.getVertices().entrySet().stream()
          .filter(vertex -> vertex.getValue() instanceof LayerVertex)
          .allMatch(
              vertex ->
                  fits(
                      ((LayerVertex) vertex.getValue()).getLayerConf().getLayer(),
                      shapes.get(configuration.getVertexInputs().get(vertex.getKey()).get(0))));
    } catch (DL4JInvalidConfigException e) {
      return false; // a pooling that rounds up says it by itself
    }
  }

  private static boolean fits(Layer layer, InputType input) {
    if (layer instanceof ConvolutionLayer convolution) {
      return fits(convolution.getKernelSize(), convolution.getPadding(), input);
    }
    return !(layer instanceof SubsamplingLayer pool)
        || layer instanceof CeilModePooling
        || fits(pool.getKernelSize(), pool.getPadding(), input);
  }

  private static boolean fits(int[] kernel, int[] padding, InputType input) {
    var image = (InputType.InputTypeConvolutional) input;
    return kernel[0] <= image.getHeight() + 2L * padding[0]
        && kernel[1] <= image.getWidth() + 2L * padding[1];
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
        .containsExactly(
            "alexnet_lecture",
            "alexnet_paper",
            "googlenet",
            "nin_cifar",
            "nin_imagenet",
            "resnext101_32x4d",
            "resnext101_32x8d",
            "resnext101_64x4d",
            "resnext29_16x64d",
            "resnext29_8x64d",
            "resnext50_32x4d",
            "vgg_a_lrn");
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
        new ModelSpec("vgg11", Map.of("widht", 3, "width", 1.5), new InputShape(3, 2, 2), 1);
    assertThatThrownBy(() -> REGISTRY.build(wrong, 1))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("no argument widht")
        .hasMessageContaining("Did you mean width?")
        .hasMessageContaining("width is 1.5 (Double); it has to be a whole number")
        .hasMessageContaining("smallest height and width")
        .hasMessageContaining("classes is 1");
  }

  @Test
  void saysWhichWordsAnArgumentTakes() {
    InputShape input = new InputShape(3, 32, 32);
    assertThatThrownBy(
            () ->
                REGISTRY.validate(
                    new ModelSpec(
                        "resnet20_cifar",
                        Map.of("shortcut", "C", "zero_init_residual", true),
                        input,
                        10)))
        .hasMessageContaining("argument shortcut is C (String); it has to be A or B.")
        .hasMessageContaining("zero_init_residual is true (Boolean); it has to be 0 or 1.");
    assertThatThrownBy(
            () ->
                REGISTRY.validate(new ModelSpec("resnet18", Map.of("stride_in_1x1", 1), input, 10)))
        .hasMessageContaining("resnet18 has no argument stride_in_1x1");
  }

  @Test
  void fieldsGrowAsLecturesComputeThem() {
    ModelSummary alexnet = ModelSummary.of(REGISTRY, REGISTRY.defaultSpec("alexnet_lecture"));
    assertThat(field(alexnet, "conv1")).isEqualTo(new ReceptiveField(11, 11, 4, 4));
    assertThat(field(alexnet, "pool1")).isEqualTo(new ReceptiveField(19, 19, 8, 8));
    assertThat(field(alexnet, "conv2")).isEqualTo(new ReceptiveField(51, 51, 8, 8));
    assertThat(field(alexnet, "conv5")).isEqualTo(new ReceptiveField(163, 163, 16, 16));
    assertThat(field(alexnet, "pool5")).isEqualTo(new ReceptiveField(195, 195, 32, 32));
    // Fully connected to 6x6 pixels.
    assertThat(field(alexnet, "fc6")).isEqualTo(new ReceptiveField(355, 355, 32, 32));
    ModelSummary vgg = ModelSummary.of(REGISTRY, REGISTRY.defaultSpec("vgg16"));
    assertThat(field(vgg, "features.30")).isEqualTo(new ReceptiveField(212, 212, 32, 32));
    ModelSpec usual = REGISTRY.defaultSpec("resnet50");
    ModelSummary resnet = ModelSummary.of(REGISTRY, usual);
    assertThat(field(resnet, "layer4.2.relu")).isEqualTo(new ReceptiveField(427, 427, 32, 32));
    ModelSpec papers =
        new ModelSpec("resnet50", Map.of("stride_in_1x1", 1), usual.input(), usual.classes());
    assertThat(field(ModelSummary.of(REGISTRY, papers), "layer4.2.relu"))
        .isEqualTo(new ReceptiveField(483, 483, 32, 32));
  }

  private static ReceptiveField field(ModelSummary summary, String name) {
    return summary.layers().stream()
        .filter(layer -> layer.name().equals(name))
        .findFirst()
        .orElseThrow()
        .receptiveField();
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
