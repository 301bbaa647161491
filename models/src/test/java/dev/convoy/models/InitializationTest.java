package dev.convoy.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.models.state.ParameterLayout;
import dev.convoy.models.state.ParameterSlot;
import java.util.Arrays;
import java.util.Map;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the networks start from, tensor by tensor. */
class InitializationTest {
  private static final ModelRegistry REGISTRY = ModelRegistry.standard();

  /** The standard deviations that torchvision 0.14 and the papers give these tensors. */
  @ParameterizedTest
  @CsvSource({
    "lenet, fc1.weight, 0.070711", // sqrt(2 / 400)
    "alexnet, features.3.weight, 0.014434", // 1 / sqrt(3 * 1600)
    "alexnet, features.3.bias, 0.014434",
    "alexnet_paper, conv2.weight, 0.01",
    "alexnet_lecture, conv5.weight, 0.01",
    "vgg11, features.3.weight, 0.041667", // sqrt(2 / (128 * 9))
    "vgg11, classifier.6.weight, 0.01",
    "vgg_c, conv7.weight, 0.088388", // sqrt(2 / 256)
    "nin_cifar, cccp1a.weight, 0.102062", // sqrt(2 / 192)
    "googlenet, inception3a.branch2.1.conv.weight, 0.01",
    "googlenet, fc.bias, 0.018042", // 1 / sqrt(3 * 1024)
    "resnet18, layer1.0.conv1.weight, 0.058926", // sqrt(2 / (64 * 9))
    "resnet18, fc.weight, 0.025516", // 1 / sqrt(3 * 512)
    "resnet18, fc.bias, 0.025516",
    "resnet20_cifar, conv1.weight, 0.272166", // sqrt(2 / 27)
    "resnext50_32x4d, layer1.0.conv2.weight, 0.041667", // groups do not count: sqrt(2 / (128 * 9))
    "densenet121, features.conv0.weight, 0.116642", // sqrt(2 / 147)
    "densenet121, classifier.weight, 0.018042" // 1 / sqrt(3 * 1024)
  })
  void startsAsPublished(String name, String tensor, double deviation) {
    boolean hasHidden =
        REGISTRY.get(name).arguments().stream().anyMatch(a -> a.name().equals("hidden"));
    // Fewer units where nearly all parameters would be theirs.
    ModelSpec spec = with(name, hasHidden ? Map.of("hidden", 512) : Map.of());
    double[] values = values(spec, tensor);
    double square = Arrays.stream(values).map(v -> v * v).average().orElseThrow();
    // Five standard errors of a normal sample.
    double tolerance = 500 / Math.sqrt(2.0 * values.length);
    assertThat(Math.sqrt(square)).isCloseTo(deviation, Percentage.withPercentage(tolerance));
  }

  @Test
  void withoutBatchNormGoogLeNetStartsAsCaffes() {
    ModelSpec spec = with("googlenet", Map.of("batch_norm", 0));
    assertThat(values(spec, "conv2.conv.bias")).containsOnly(0.2);
    assertThat(values(spec, "aux1.fc1.bias")).containsOnly(0.2);
    assertThat(values(spec, "fc.bias")).containsOnly(0);
    double bound = Math.sqrt(3.0 / 64);
    double[] weights = values(spec, "conv2.conv.weight");
    assertThat(Arrays.stream(weights).allMatch(w -> w >= -bound && w < bound)).isTrue();
    assertThat(Arrays.stream(weights).max().orElseThrow()).isGreaterThan(0.99 * bound);
  }

  @Test
  void theFirstAlexNetsBiasesAreThePapers() {
    ModelSpec spec = with("alexnet_paper", Map.of("hidden", 64));
    for (String one : new String[] {"conv2", "conv4", "conv5", "fc6", "fc7"}) {
      assertThat(values(spec, one + ".bias")).as(one).containsOnly(1);
    }
    for (String zero : new String[] {"conv1", "conv3", "fc8"}) {
      assertThat(values(spec, zero + ".bias")).as(zero).containsOnly(0);
    }
  }

  @Test
  void theLastBiasesOfNetworkInNetworkAreOne() {
    ModelSpec spec = with("nin_cifar", Map.of());
    assertThat(values(spec, "cccp3b.bias")).containsOnly(1);
    assertThat(values(spec, "cccp3a.bias")).containsOnly(0);
    assertThat(values(with("nin_imagenet", Map.of()), "cccp4b.bias")).containsOnly(1);
  }

  @Test
  void theLastScaleOfEachBlockStartsAtZeroIfAskedFor() {
    for (String name : new String[] {"resnet18", "resnet50", "resnext50_32x4d", "resnet20_cifar"}) {
      String last = name.contains("50") ? "bn3" : "bn2";
      ParameterLayout layout = layout(REGISTRY.defaultSpec(name));
      float[] usual = InitialParameters.state(REGISTRY.defaultSpec(name), layout, 1).parameters();
      float[] zero =
          InitialParameters.state(with(name, Map.of("zero_init_residual", 1)), layout, 1)
              .parameters();
      for (ParameterSlot slot : layout.slots()) {
        boolean scale = slot.name().matches("layer.*\\." + last + "\\.weight");
        float[] expected = part(usual, slot);
        Arrays.fill(expected, 0, scale ? expected.length : 0, 0);
        assertThat(part(zero, slot)).as(slot.name()).isEqualTo(expected);
      }
    }
  }

  private static ModelSpec with(String name, Map<String, Object> arguments) {
    ModelSpec usual = REGISTRY.defaultSpec(name);
    return new ModelSpec(name, arguments, usual.input(), usual.classes());
  }

  private static ParameterLayout layout(ModelSpec spec) {
    var graph = REGISTRY.buildEmpty(spec);
    ParameterLayout layout = ParameterLayout.of(graph);
    graph.params().close();
    return layout;
  }

  /** Only this tensor is drawn. */
  private static double[] values(ModelSpec spec, String tensor) {
    ParameterLayout layout = layout(spec);
    ParameterSlot slot = slot(layout, tensor);
    ParameterSlot weight = slot(layout, tensor.replace(".bias", ".weight"));
    Initialization initialization = REGISTRY.get(spec.name()).initialization(spec);
    return initialization
        .of(slot, weight)
        .draw(InitialDistribution.Piece.of(slot, weight, 1, 0, slot.length()));
  }

  private static ParameterSlot slot(ParameterLayout layout, String name) {
    return layout.slots().stream()
        .filter(slot -> slot.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static float[] part(float[] flat, ParameterSlot slot) {
    return Arrays.copyOfRange(flat, slot.offset(), slot.offset() + slot.length());
  }
}
