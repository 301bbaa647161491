package dev.convoy.models.weights;

import dev.convoy.models.InvalidModelException;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** The arguments of the architecture that a Keras file was trained as. */
final class KerasArguments {

  static final String STRIDE = "stride_in_1x1";
  static final String EPSILON = "norm_epsilon";

  private KerasArguments() {}

  /**
   * The arguments that follow from a file.
   *
   * @throws InvalidModelException if its layers differ among themselves where they cannot here, or
   *     it pools as no network here does
   */
  static Map<String, Object> of(WeightFile file, KerasApplication application) {
    if (file.topology().filter(KerasTopology::poolsUnpadded).isPresent()) {
      throw new InvalidModelException(
          "the Keras model's max pooling has no padding of one pixel before it, as Keras' ResNets"
              + " had none until 2018; networks here pad it, as Keras' do since");
    }
    Map<String, Object> arguments = new TreeMap<>();
    arguments.put(STRIDE, stride(file, application));
    arguments.put(EPSILON, epsilon(file, application));
    return arguments;
  }

  /** Where the second stage halves the image; Keras' own networks do so in the first 1x1. */
  private static int stride(WeightFile file, KerasApplication application) {
    Optional<KerasTopology> topology = file.topology();
    if (topology.isEmpty()) {
      return 1;
    }
    SortedMap<String, Integer> strides = new TreeMap<>();
    topology
        .get()
        .strides()
        .forEach(
            (layer, stride) ->
                application.module(layer).ifPresent(module -> strides.put(module, stride)));
    int first = strides.getOrDefault("layer2.0.conv1", 1);
    int second = strides.getOrDefault("layer2.0.conv2", 1);
    if (Math.max(first, second) != 2 || Math.min(first, second) != 1) {
      throw new InvalidModelException(
          "the Keras model's second stage has strides of "
              + first
              + " and "
              + second
              + " in its first block; one of the two has to be 2 and the other 1");
    }
    return first == 2 ? 1 : 0;
  }

  private static double epsilon(WeightFile file, KerasApplication application) {
    TreeSet<Double> found = new TreeSet<>();
    file.topology()
        .ifPresent(
            topology ->
                topology
                    .epsilons()
                    .forEach(
                        (layer, epsilon) ->
                            application.module(layer).ifPresent(module -> found.add(epsilon))));
    if (found.isEmpty()) {
      file.tensors().keySet().stream()
          .filter(name -> name.endsWith("/moving_variance"))
          .map(name -> name.substring(0, name.lastIndexOf('/')))
          .filter(layer -> application.module(layer).isPresent())
          .forEach(layer -> found.add(application.epsilon(layer)));
    }
    if (found.size() > 1) {
      throw new InvalidModelException(
          "the Keras model's batch norms have the epsilons " + found + "; one for all is possible");
    }
    return found.isEmpty() ? 1.001e-5 : found.first();
  }
}
