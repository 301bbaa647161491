package dev.convoy.models.weights;

import dev.convoy.models.Architecture;
import dev.convoy.models.InputShape;
import dev.convoy.models.InvalidModelException;
import dev.convoy.models.ModelRegistry;
import dev.convoy.models.ModelSpec;
import dev.convoy.models.state.NamedTensor;
import dev.convoy.models.state.NetworkState;
import dev.convoy.models.state.ParameterLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.nd4j.linalg.api.buffer.DataType;

/** Takes the tensors of a weight file as the parameters of a registered network. */
public final class WeightImport {

  /** torchvision turns its images into other pixels inside of the network. */
  private static final String OF_TWO_KINDS = "googlenet";

  private final ModelRegistry registry = ModelRegistry.standard();
  private final WeightRequest request;

  /**
   * Checks the request.
   *
   * @throws InvalidModelException naming everything that is wrong with the request
   */
  public WeightImport(WeightRequest request) {
    this.request = request;
    registry.validate(spec(Map.of(), Optional.empty()));
  }

  /**
   * Checks what was asked for, or not, of the pixels: what is wrong here is not the file's fault.
   *
   * @throws InvalidModelException if the preprocessing is for other channels than the file's
   *     network has, or has to be said
   */
  public void requirePreprocessing(WeightFile file) {
    // Keras' networks here take three channels, for which every scaling is.
    if (file.format() == WeightFormat.SAFETENSORS) {
      pixels(spec(Map.of(), file.description()), file.description());
    }
  }

  /**
   * The network.
   *
   * @throws InvalidModelException if the tensors are not those of the network, naming every one
   *     that is missing, unknown, of another shape, or holds what no parameter can be
   */
  public ImportedNetwork take(WeightFile file) {
    if (file.format() == WeightFormat.SAFETENSORS) {
      Optional<NetworkDescription> own = file.description();
      own.ifPresent(this::requireSameModel);
      ModelSpec model =
          spec(own.map(NetworkDescription::arguments).map(this::agreed).orElse(Map.of()), own);
      return fitted(model, TorchvisionNames.current(file.tensors()), pixels(model, own), file);
    }
    KerasApplication application = KerasApplication.of(request.model());
    WeightFile keras = KerasNames.current(file);
    InputScaling scaling = request.scaling().orElse(application.scaling());
    return fitted(
        spec(agreed(KerasArguments.of(keras, application)), Optional.empty()),
        KerasWeights.torchvision(application, keras.tensors()),
        Pixels.of(scaling),
        file);
  }

  /** What pixels go through. */
  private record Pixels(
      String title, List<Double> mean, List<Double> std, InputScaling.ChannelOrder order) {
    static Pixels of(InputScaling scaling) {
      return new Pixels(scaling.title(), scaling.mean(), scaling.std(), scaling.order());
    }
  }

  /** As asked for, as the file says, or as torchvision's networks for colours have it. */
  private Pixels pixels(ModelSpec model, Optional<NetworkDescription> own) {
    if (request.scaling().isPresent()) {
      requireChannels(request.scaling().get(), model.input());
      return Pixels.of(request.scaling().get());
    }
    if (own.isPresent()) {
      return new Pixels(
          "the file's own", own.get().mean(), own.get().std(), InputScaling.ChannelOrder.RGB);
    }
    if (model.name().equals(OF_TWO_KINDS)) {
      throw new InvalidModelException(
          "The file does not say which pixels its network takes, and there are GoogLeNets of two"
              + " kinds: give the preprocessing tf for torchvision's published weights, torch for"
              + " others that were trained on ImageNet's mean and deviation");
    }
    return Pixels.of(model.input().channels() == 3 ? InputScaling.TORCH : InputScaling.UNIT);
  }

  private static void requireChannels(InputScaling scaling, InputShape input) {
    int needed = scaling.mean().size();
    if (needed != 1 && needed != input.channels()) {
      throw new InvalidModelException(
          "the preprocessing %s is for %d channels, the network takes %d; unit and tf are for any"
              .formatted(scaling.title(), needed, input.channels()));
    }
  }

  private void requireSameModel(NetworkDescription own) {
    if (!own.model().equals(request.model())) {
      throw new InvalidModelException(
          "The weights are of another network: the file's is %s, not %s"
              .formatted(own.model(), request.model()));
    }
  }

  /** What a file says, which a person cannot contradict. */
  private Map<String, Object> agreed(Map<String, Object> told) {
    List<String> problems = new ArrayList<>();
    told.forEach(
        (name, value) -> {
          Object given = request.arguments().get(name);
          if (given != null && !same(given, value)) {
            problems.add(
                "argument " + name + " is " + given + ", but the file's network has " + value);
          }
        });
    if (!problems.isEmpty()) {
      throw InvalidModelException.of("The weights are of another network", problems);
    }
    return told;
  }

  private static boolean same(Object given, Object told) {
    if (given instanceof Number number && told instanceof Number other) {
      return number.doubleValue() == other.doubleValue();
    }
    return given.equals(told);
  }

  private ModelSpec spec(Map<String, Object> told, Optional<NetworkDescription> own) {
    Architecture architecture = registry.get(request.model());
    Map<String, Object> arguments = new TreeMap<>(request.arguments());
    told.forEach(arguments::putIfAbsent);
    InputShape usual = own.map(NetworkDescription::input).orElse(architecture.defaultInput());
    InputShape input =
        request.side().isPresent()
            ? new InputShape(usual.channels(), request.side().getAsInt(), request.side().getAsInt())
            : usual;
    int classes =
        own.map(description -> description.classes().size()).orElse(architecture.defaultClasses());
    return new ModelSpec(request.model(), arguments, input, request.classes().orElse(classes));
  }

  private ImportedNetwork fitted(
      ModelSpec model, SortedMap<String, NamedTensor> tensors, Pixels pixels, WeightFile file) {
    ParameterLayout layout = registry.layout(model);
    if (pixels.order() == InputScaling.ChannelOrder.BGR) {
      inputLayers(model).forEach(layer -> reverseChannels(layer + ".weight", model, tensors));
    }
    float[] parameters = layout.flat(tensors);
    ParameterValues.check(layout, parameters);
    return new ImportedNetwork(
        model,
        layout,
        NetworkState.atRest(parameters),
        pixels.title(),
        pixels.mean(),
        pixels.std(),
        file.description().map(NetworkDescription::classes),
        file.format());
  }

  private List<String> inputLayers(ModelSpec model) {
    var configuration = registry.configuration(model, DataType.FLOAT);
    String input = configuration.getNetworkInputs().get(0);
    return configuration.getVertexInputs().entrySet().stream()
        .filter(entry -> entry.getValue().contains(input))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Kernels that took blue, green, red take red, green, blue: the same sums of other order. */
  private static void reverseChannels(
      String name, ModelSpec model, SortedMap<String, NamedTensor> tensors) {
    Optional<NamedTensor> kernel = Optional.ofNullable(tensors.get(name));
    int channels = model.input().channels();
    if (channels != 3 || kernel.isEmpty() || kernel.get().shape().length != 4) {
      return; // not an image of three colours, or a mismatch that is about to be said
    }
    int[] shape = kernel.get().shape();
    if (shape[1] != channels) {
      return;
    }
    int window = shape[2] * shape[3];
    float[] from = kernel.get().values();
    float[] to = new float[from.length];
    for (int out = 0; out < shape[0]; out++) {
      for (int channel = 0; channel < channels; channel++) {
        System.arraycopy(
            from,
            (out * channels + channel) * window,
            to,
            (out * channels + channels - 1 - channel) * window,
            window);
      }
    }
    tensors.put(name, new NamedTensor(shape, to));
  }
}
