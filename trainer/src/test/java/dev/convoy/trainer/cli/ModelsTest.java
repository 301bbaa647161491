package dev.convoy.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.convoy.models.Architecture;
import dev.convoy.models.ModelRegistry;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** {@code convoy models}. */
final class ModelsTest {

  @Test
  void listsEveryNetwork() throws IOException {
    JsonNode models = Outcome.of("models", "--json").done().json().get("models");
    assertThat(models.findValuesAsText("name"))
        .containsExactlyInAnyOrderElementsOf(
            ModelRegistry.standard().all().stream().map(Architecture::name).toList());
    for (JsonNode model : models) {
      assertThat(model.get("parameters").longValue()).isPositive();
      assertThat(model.get("multiply_adds").longValue()).isPositive();
      assertThat(model.get("input").get("channels").intValue()).isPositive();
    }
    String text = Outcome.of("models").done().out();
    assertThat(text).contains("resnet50", "25,557,032", "3x224x224", "He et al. 2015, table 1");
  }

  @Test
  void showsOneLayerByLayer() throws IOException {
    String text = Outcome.of("models", "alexnet_lecture").done().out();
    // pool5's field as lectures compute it: 195 pixels, 32 apart.
    assertThat(text)
        .containsPattern("pool5 +max pool 3x3 / 2 +256x6x6 +195 +36,864")
        .containsPattern("conv1 +convolution 11x11 / 4 +96x55x55 +34,944 +105,415,200 +11 ")
        .contains(
            "62,378,344 trainable parameters", "Argument hidden", "Smallest height and width: 67");
    JsonNode models = Outcome.of("models", "lenet", "--json").done().json().get("models");
    assertThat(models.size()).isEqualTo(1);
    assertThat(models.get(0).get("parameters").intValue()).isEqualTo(61_706);
  }

  @Test
  void takesAnotherInputOtherClassesAndArguments() throws IOException {
    String[] asked = {
      "models", "resnet20_cifar", "--set", "shortcut=B", "--classes", "100", "--input", "3x64x48"
    };
    assertThat(Outcome.of(asked).done().out())
        .contains("layer2.0.downsample.0", "input 3x64x48", "278,324 trainable parameters");
    assertThat(Outcome.of("models", "resnet50", "--set", "norm_epsilon=0.001").done().out())
        .contains("25,557,032 trainable parameters");
  }

  @Test
  void saysWhatIsWrong() {
    Outcome.of("models", "resnet51").refused(2, "no model named resnet51", "resnet50");
    Outcome.of("models", "resnet20_cifar", "--set", "shortcut=C", "--classes", "1")
        .refused(2, "argument shortcut is C (String); it has to be A or B", "classes is 1");
    Outcome.of("models", "alexnet", "--input", "3x62x62").refused(2, "width of alexnet is 63");
    Outcome.of("models", "vgg16", "--set", "batch_norm=2")
        .refused(2, "argument batch_norm is 2 (Integer); it has to be 0 or 1");
    Outcome.of("models", "lenet", "--set", "width=2").refused(2, "lenet has no argument width");
    Outcome.of("models", "lenet", "--input", "28x28").refused(2, "--input is 28x28", "3x224x224");
    Outcome.of("models", "--classes", "5").refused(2, "convoy models NAME");
  }
}
