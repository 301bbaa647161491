package dev.convoy.models.weights;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * As which network weights are to be taken.
 *
 * @param model name in the registry
 * @param arguments of the architecture; what a weight file says of its network is added
 * @param side height and width of the input in pixels; empty: the file's, or the architecture's own
 * @param classes how many; empty: as many as the file names, or as it was published with
 * @param scaling of the input; empty: what the file says, torchvision's for three channels and unit
 *     for others (of a GoogLeNet it has to be said), or that of Keras' own network
 */
public record WeightRequest(
    String model,
    Map<String, Object> arguments,
    OptionalInt side,
    OptionalInt classes,
    Optional<InputScaling> scaling) {

  public WeightRequest {
    arguments = Collections.unmodifiableMap(new TreeMap<>(arguments));
  }

  /** Published input and classes, scaling as the file's kind suggests. */
  public static WeightRequest of(String model) {
    return new WeightRequest(
        model, Map.of(), OptionalInt.empty(), OptionalInt.empty(), Optional.empty());
  }
}
