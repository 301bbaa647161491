package dev.convoy.models.weights;

import dev.convoy.models.state.NamedTensor;
import java.util.Map;
import java.util.SortedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Keras' names as they are since its second version. */
final class KerasNames {

  /**
   * The files that Keras offers for its applications have {@code conv1_W} where a file that it
   * saves today has {@code conv1/kernel}; a {@code running_std} always was a variance.
   */
  private static final Pattern FIRST_VERSION =
      Pattern.compile("([^/]+)_(W|b|gamma|beta|running_mean|running_std)");

  private static final Map<String, String> VARIABLES =
      Map.of(
          "W", "kernel",
          "b", "bias",
          "gamma", "gamma",
          "beta", "beta",
          "running_mean", "moving_mean",
          "running_std", "moving_variance");

  private KerasNames() {}

  static WeightFile current(WeightFile file) {
    RenamedTensors current = new RenamedTensors();
    file.tensors().forEach((name, tensor) -> current.put(name, current(name), tensor));
    SortedMap<String, NamedTensor> tensors = current.tensors();
    return new WeightFile(file.format(), tensors, file.topology(), file.description());
  }

  private static String current(String name) {
    Matcher first = FIRST_VERSION.matcher(name);
    return first.matches() ? first.group(1) + "/" + VARIABLES.get(first.group(2)) : name;
  }
}
