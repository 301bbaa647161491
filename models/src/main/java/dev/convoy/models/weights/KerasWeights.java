package dev.convoy.models.weights;

import dev.convoy.models.state.NamedTensor;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Brings Keras' tensors under torchvision's names and into its layouts: kernels {@code [height,
 * width, in, out]} become {@code [out, in, height, width]}, matrices {@code [in, out]} become
 * {@code [out, in]}. A tensor with no counterpart keeps its name, for the message that says so.
 *
 * <p>A convolution's bias before a batch norm goes into the running mean, since {@code gamma (x + b
 * - mean) / sqrt(var + epsilon) + beta} is the same with {@code mean - b} for mean and none for b;
 * the difference is rounded once.
 */
final class KerasWeights {

  private static final Map<String, String> VARIABLES =
      Map.of(
          "kernel", "weight",
          "bias", "bias",
          "gamma", "weight",
          "beta", "bias",
          "moving_mean", "running_mean",
          "moving_variance", "running_var");

  private final KerasApplication application;
  private final SortedMap<String, NamedTensor> tensors;

  private KerasWeights(KerasApplication application, SortedMap<String, NamedTensor> keras) {
    this.application = application;
    RenamedTensors renamed = new RenamedTensors();
    keras.forEach((name, tensor) -> add(name, tensor, renamed));
    this.tensors = renamed.tensors();
  }

  static SortedMap<String, NamedTensor> torchvision(
      KerasApplication application, SortedMap<String, NamedTensor> keras) {
    KerasWeights weights = new KerasWeights(application, keras);
    new TreeMap<>(weights.tensors).keySet().forEach(weights::foldBias);
    return weights.tensors;
  }

  private void add(String name, NamedTensor tensor, RenamedTensors renamed) {
    int slash = name.lastIndexOf('/');
    String variable = VARIABLES.get(name.substring(slash + 1));
    if (slash < 0 || variable == null) {
      renamed.put(name, name, tensor);
      return;
    }
    boolean kernel = name.endsWith("/kernel");
    application
        .module(name.substring(0, slash))
        .ifPresentOrElse(
            module ->
                renamed.put(name, module + "." + variable, kernel ? outputsFirst(tensor) : tensor),
            () -> renamed.put(name, name, tensor));
  }

  private void foldBias(String name) {
    String convolution = name.endsWith(".bias") ? name.substring(0, name.length() - 5) : name;
    application
        .normOf(convolution)
        .map(norm -> norm + ".running_mean")
        .filter(mean -> name.endsWith(".bias") && tensors.containsKey(mean))
        .ifPresent(
            mean -> {
              NamedTensor bias = tensors.get(name);
              NamedTensor before = tensors.get(mean);
              if (bias.values().length == before.values().length) {
                tensors.put(mean, difference(before, bias));
                tensors.remove(name);
              }
            });
  }

  private static NamedTensor difference(NamedTensor left, NamedTensor right) {
    float[] values = new float[left.values().length];
    for (int i = 0; i < values.length; i++) {
      values[i] = left.values()[i] - right.values()[i];
    }
    return new NamedTensor(left.shape(), values);
  }

  /** The last dimension becomes the first, and of a kernel the last but one the second. */
  private static NamedTensor outputsFirst(NamedTensor tensor) {
    int[] shape = tensor.shape();
    if ((shape.length != 2 && shape.length != 4) || tensor.values().length == 0) {
      return tensor;
    }
    int out = shape[shape.length - 1];
    int in = shape[shape.length - 2];
    int window = shape.length == 2 ? 1 : shape[0] * shape[1];
    float[] values = new float[tensor.values().length];
    int from = 0;
    for (int place = 0; place < window; place++) {
      for (int i = 0; i < in; i++) {
        for (int o = 0; o < out; o++) {
          values[(o * in + i) * window + place] = tensor.values()[from++];
        }
      }
    }
    return new NamedTensor(
        shape.length == 2 ? new int[] {out, in} : new int[] {out, in, shape[0], shape[1]}, values);
  }
}
