package dev.convoy.models.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.models.InputShape;
import dev.convoy.models.InvalidModelException;
import dev.convoy.models.ModelRegistry;
import dev.convoy.models.state.NamedTensor;
import dev.convoy.models.state.ParameterLayout;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class WeightImportTest {

  @Test
  void namesBefore23AndSinceAreTheSameNetwork() {
    ImportedNetwork before = take(KerasResNet.oldNames(Optional.empty()));
    ImportedNetwork since = take(KerasResNet.newNames(Optional.empty()));
    assertThat(before.layout()).isEqualTo(since.layout());
    assertThat(before.model().arguments())
        .containsEntry("stride_in_1x1", 1)
        .containsEntry("norm_epsilon", 1e-3);
    assertThat(since.model().arguments())
        .containsEntry("stride_in_1x1", 1)
        .containsEntry("norm_epsilon", 1.001e-5);
    assertThat(before.preprocessing()).isEqualTo("caffe");
  }

  @Test
  void kernelsAreTransposedAndTheirInputTurnedFromBlueToRed() {
    WeightFile keras = KerasResNet.oldNames(Optional.empty());
    SortedMap<String, NamedTensor> taken = tensors(take(keras));
    float[] kernel = keras.tensors().get("conv1/kernel").values(); // [7, 7, 3, 2]
    NamedTensor weight = taken.get("conv1.weight");
    assertThat(weight.shape()).containsExactly(2, 3, 7, 7);
    for (int out = 0; out < 2; out++) {
      for (int channel = 0; channel < 3; channel++) {
        for (int y = 0; y < 7; y++) {
          for (int x = 0; x < 7; x++) {
            assertThat(weight.values()[((out * 3 + channel) * 7 + y) * 7 + x])
                .isEqualTo(kernel[((y * 7 + x) * 3 + 2 - channel) * 2 + out]);
          }
        }
      }
    }
    float[] matrix = keras.tensors().get("fc1000/kernel").values(); // [64, 3]
    NamedTensor fc = taken.get("fc.weight");
    assertThat(fc.shape()).containsExactly(3, 64);
    for (int in = 0; in < 64; in++) {
      for (int out = 0; out < 3; out++) {
        assertThat(fc.values()[out * 64 + in]).isEqualTo(matrix[in * 3 + out]);
      }
    }
  }

  @Test
  void rgbNetworksKeepTheirChannels() {
    WeightFile keras = KerasResNet.oldNames(Optional.empty());
    SortedMap<String, NamedTensor> taken =
        tensors(new WeightImport(request(Map.of(), InputScaling.TF)).take(keras));
    assertThat(taken.get("conv1.weight").values()[7 * 7])
        .isEqualTo(keras.tensors().get("conv1/kernel").values()[2]);
  }

  @Test
  void biasBeforeBatchNormGoesIntoTheRunningMean() {
    WeightFile keras = KerasResNet.newNames(Optional.empty());
    SortedMap<String, NamedTensor> taken = tensors(take(keras));
    Map<String, String> norms =
        Map.of(
            "conv1_bn conv1_conv", "bn1",
            "conv2_block1_0_bn conv2_block1_0_conv", "layer1.0.downsample.1",
            "conv4_block6_3_bn conv4_block6_3_conv", "layer3.5.bn3");
    norms.forEach(
        (layers, norm) -> {
          String[] names = layers.split(" ", -1);
          float[] mean = keras.tensors().get(names[0] + "/moving_mean").values();
          float[] bias = keras.tensors().get(names[1] + "/bias").values();
          float[] running = taken.get(norm + ".running_mean").values();
          for (int i = 0; i < mean.length; i++) {
            assertThat(running[i]).isEqualTo((float) ((double) mean[i] - bias[i]));
          }
          assertThat(taken.get(norm + ".running_var"))
              .isEqualTo(keras.tensors().get(names[0] + "/moving_variance"));
          assertThat(taken.get(norm + ".weight"))
              .isEqualTo(keras.tensors().get(names[0] + "/gamma"));
          assertThat(taken.get(norm + ".bias")).isEqualTo(keras.tensors().get(names[0] + "/beta"));
        });
    assertThat(taken.get("fc.bias")).isEqualTo(keras.tensors().get("predictions/bias"));
  }

  @Test
  void namesOfTheFirstKerasAreTheSameTensors() {
    WeightFile keras = KerasResNet.oldNames(Optional.empty());
    Map<String, String> variables =
        Map.of(
            "kernel", "W",
            "bias", "b",
            "moving_mean", "running_mean",
            "moving_variance", "running_std");
    SortedMap<String, NamedTensor> first = new TreeMap<>();
    keras
        .tensors()
        .forEach(
            (name, tensor) -> {
              String[] parts = name.split("/", -1);
              first.put(parts[0] + "_" + variables.getOrDefault(parts[1], parts[1]), tensor);
            });
    ImportedNetwork taken = take(new WeightFile(WeightFormat.KERAS_HDF5, first, Optional.empty()));
    assertThat(tensors(taken)).isEqualTo(tensors(take(keras)));
    assertThat(taken.model()).isEqualTo(take(keras).model());
  }

  @Test
  void poolingWithoutPaddingIsAnotherNetwork() {
    KerasTopology unpadded = new KerasTopology(new TreeMap<>(), new TreeMap<>(), true);
    assertThatThrownBy(() -> take(KerasResNet.oldNames(Optional.of(unpadded))))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("max pooling has no padding");
    String layers =
        "{\"config\": {\"layers\": [{\"class_name\": \"ZeroPadding2D\", \"config\": {\"padding\": %s}},"
            + "{\"class_name\": \"MaxPooling2D\", \"config\": {\"name\": \"pool\"}}]}}";
    for (String padding : List.of("[[1, 1], [1, 1]]", "[1, 1]", "1")) {
      assertThat(KerasTopology.parse(layers.formatted(padding)).poolsUnpadded()).isFalse();
    }
    for (String padding : List.of("[[3, 3], [3, 3]]", "[[0, 1], [0, 1]]", "3")) {
      assertThat(KerasTopology.parse(layers.formatted(padding)).poolsUnpadded()).isTrue();
    }
  }

  @Test
  void pixelsOfAForeignGoogLeNetHaveToBeSaid() {
    WeightFile file =
        new WeightFile(
            WeightFormat.SAFETENSORS, new TreeMap<>(), Optional.empty(), Optional.empty());
    assertThatThrownBy(() -> new WeightImport(WeightRequest.of("googlenet")).take(file))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("give the preprocessing tf for torchvision's published weights");
  }

  @Test
  void topologyDecidesAndCannotBeContradicted() {
    Optional<KerasTopology> topology = Optional.of(KerasResNet.topology(1, 2, 2e-5));
    assertThat(take(KerasResNet.oldNames(topology)).model().arguments())
        .containsEntry("stride_in_1x1", 0)
        .containsEntry("norm_epsilon", 2e-5);
    assertThatThrownBy(
            () ->
                new WeightImport(
                        request(
                            Map.of("stride_in_1x1", 1, "norm_epsilon", 1e-5), InputScaling.CAFFE))
                    .take(KerasResNet.oldNames(topology)))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("argument stride_in_1x1 is 1, but the file's network has 0")
        .hasMessageContaining("argument norm_epsilon is 1.0E-5, but the file's network has 2.0E-5");
    assertThatThrownBy(
            () -> take(KerasResNet.oldNames(Optional.of(KerasResNet.topology(2, 2, 1e-3)))))
        .hasMessageContaining("strides of 2 and 2");
  }

  @Test
  void everythingThatDoesNotFitIsSaidAtOnce() {
    SortedMap<String, NamedTensor> tensors =
        new TreeMap<>(KerasResNet.oldNames(Optional.empty()).tensors());
    tensors.put("fc1000/bias", SmallKeras.tensor(4));
    tensors.put("res9z_branch2a/kernel", SmallKeras.tensor(1));
    tensors.remove("bn_conv1/gamma");
    WeightFile file = new WeightFile(WeightFormat.KERAS_HDF5, tensors, Optional.empty());
    assertThatThrownBy(() -> take(file))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("missing bn1.weight of shape [2]")
        .hasMessageContaining("fc.bias has shape [4] instead of [3]")
        .hasMessageContaining("res9z_branch2a/kernel is not a tensor of this network");
  }

  @Test
  void numbersThatNoParameterCanBeAreSaidAtOnce() {
    SortedMap<String, NamedTensor> tensors = tensors(take(KerasResNet.oldNames(Optional.empty())));
    tensors.get("conv1.weight").values()[3] = Float.NaN;
    tensors.get("fc.bias").values()[0] = Float.NEGATIVE_INFINITY;
    tensors.get("bn1.running_var").values()[1] = -1e-3f;
    WeightFile file = new WeightFile(WeightFormat.SAFETENSORS, tensors, Optional.empty());
    assertThatThrownBy(() -> take(file))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("conv1.weight has 1 values that are NaN or infinite")
        .hasMessageContaining("fc.bias has 1 values that are NaN or infinite")
        .hasMessageContaining("bn1.running_var has 1 variances below 0");
  }

  @Test
  void safetensorsAreTakenAsTheyAre() {
    SortedMap<String, NamedTensor> tensors = tensors(take(KerasResNet.oldNames(Optional.empty())));
    ImportedNetwork taken =
        new WeightImport(request(Map.of("stride_in_1x1", 1), InputScaling.TORCH))
            .take(new WeightFile(WeightFormat.SAFETENSORS, tensors, Optional.empty()));
    assertThat(tensors(taken)).isEqualTo(tensors);
    assertThat(taken.state().isAtRest()).isTrue();
    assertThat(taken.model().arguments()).containsOnlyKeys("stride_in_1x1", "width");
  }

  @Test
  void publishedDenseNetsHaveOlderNames() {
    var spec = ModelRegistry.standard().defaultSpec("densenet121");
    ParameterLayout layout = ParameterLayout.of(ModelRegistry.standard().buildEmpty(spec));
    SortedMap<String, NamedTensor> older = new TreeMap<>();
    layout
        .tensors(new float[layout.length()])
        .forEach(
            (name, tensor) ->
                older.put(
                    name.replaceAll("(denselayer\\d+\\.(?:norm|conv))([12])", "$1.$2"), tensor));
    assertThat(older).containsKey("features.denseblock1.denselayer1.norm.1.weight");
    WeightFile file = new WeightFile(WeightFormat.SAFETENSORS, older, Optional.empty());
    assertThat(new WeightImport(WeightRequest.of("densenet121")).take(file).layout())
        .isEqualTo(layout);
  }

  /** Two names of a file for one tensor: none of the two may win silently. */
  @Test
  void twoTensorsForOnePlaceAreRefused() {
    SortedMap<String, NamedTensor> keras =
        new TreeMap<>(KerasResNet.oldNames(Optional.empty()).tensors());
    keras.put("predictions/kernel", keras.get("fc1000/kernel"));
    assertThatThrownBy(() -> take(new WeightFile(WeightFormat.KERAS_HDF5, keras, Optional.empty())))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("fc1000/kernel and predictions/kernel are both fc.weight");
    SortedMap<String, NamedTensor> torch = new TreeMap<>();
    torch.put("features.denseblock1.denselayer1.norm1.weight", SmallKeras.tensor(4));
    torch.put("features.denseblock1.denselayer1.norm.1.weight", SmallKeras.tensor(4));
    WeightFile file = new WeightFile(WeightFormat.SAFETENSORS, torch, Optional.empty());
    assertThatThrownBy(() -> new WeightImport(WeightRequest.of("densenet121")).take(file))
        .hasMessageContaining("denselayer1.norm.1.weight and")
        .hasMessageContaining("are both features.denseblock1.denselayer1.norm1.weight");
  }

  /** What Convoy exports, it takes back as the same function. */
  @Test
  void whatTheFileSaysOfItsNetworkCounts() {
    ImportedNetwork keras = take(KerasResNet.oldNames(Optional.empty()));
    NetworkDescription description =
        new NetworkDescription(
            "resnet50",
            keras.model().arguments(),
            new InputShape(3, 64, 64),
            List.of("a", "b", "c"),
            List.of(0.1, 0.2, 0.3),
            List.of(0.4, 0.5, 0.6));
    WeightFile file =
        new WeightFile(
            WeightFormat.SAFETENSORS, tensors(keras), Optional.empty(), Optional.of(description));
    ImportedNetwork again = new WeightImport(WeightRequest.of("resnet50")).take(file);
    assertThat(again.model().arguments()).isEqualTo(keras.model().arguments());
    assertThat(again.model().input()).isEqualTo(new InputShape(3, 64, 64));
    assertThat(again.mean()).containsExactly(0.1, 0.2, 0.3);
    assertThat(again.std()).containsExactly(0.4, 0.5, 0.6);
    assertThat(again.classes()).contains(List.of("a", "b", "c"));
    assertThat(tensors(again)).isEqualTo(tensors(keras));

    assertThatThrownBy(() -> new WeightImport(WeightRequest.of("resnet101")).take(file))
        .hasMessageContaining("the file's is resnet50, not resnet101");
    WeightRequest other = request(Map.of("norm_epsilon", 1e-5), InputScaling.TORCH);
    assertThatThrownBy(() -> new WeightImport(other).take(file))
        .hasMessageContaining("argument norm_epsilon is 1.0E-5, but the file's network has 0.001");
  }

  @Test
  void preprocessingHasToFitTheChannels() {
    WeightRequest grey =
        new WeightRequest(
            "lenet",
            Map.of(),
            OptionalInt.empty(),
            OptionalInt.empty(),
            Optional.of(InputScaling.TORCH));
    var lenet = ModelRegistry.standard().defaultSpec("lenet");
    ParameterLayout layout = ParameterLayout.of(ModelRegistry.standard().buildEmpty(lenet));
    var tensors = layout.tensors(new float[layout.length()]);
    WeightFile file = new WeightFile(WeightFormat.SAFETENSORS, tensors, Optional.empty());
    assertThatThrownBy(() -> new WeightImport(grey).take(file))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("torch is for 3 channels, the network takes 1");
    ImportedNetwork taken = new WeightImport(WeightRequest.of("lenet")).take(file);
    assertThat(taken.preprocessing()).isEqualTo("unit");
  }

  @Test
  void kerasWeightsOfOtherNetworksAreRefusedByName() {
    assertThatThrownBy(
            () ->
                new WeightImport(WeightRequest.of("vgg16"))
                    .take(KerasResNet.oldNames(Optional.empty())))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("how Keras would name the layers of vgg16 is not known here");
  }

  private static ImportedNetwork take(WeightFile file) {
    return new WeightImport(
            new WeightRequest(
                "resnet50",
                Map.of("width", KerasResNet.WIDTH),
                OptionalInt.empty(),
                OptionalInt.of(3),
                Optional.empty()))
        .take(file);
  }

  private static WeightRequest request(Map<String, Object> arguments, InputScaling scaling) {
    Map<String, Object> all = new TreeMap<>(arguments);
    all.put("width", KerasResNet.WIDTH);
    return new WeightRequest(
        "resnet50", all, OptionalInt.of(32), OptionalInt.of(3), Optional.of(scaling));
  }

  private static SortedMap<String, NamedTensor> tensors(ImportedNetwork network) {
    return network.layout().tensors(network.state().parameters());
  }
}
