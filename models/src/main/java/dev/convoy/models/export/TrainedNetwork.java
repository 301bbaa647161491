package dev.convoy.models.export;

import dev.convoy.models.InvalidModelException;
import dev.convoy.models.ModelSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What is exported: a network with its parameters and what is needed to use it.
 *
 * @param model registry name, arguments, input and number of classes
 * @param parameters in DL4J's flat order, running statistics included; held as given, not copied
 * @param classes names of the classes, by index
 * @param mean of each channel, one for all or one for each, of pixels divided by 255
 * @param std as many standard deviations; above 0
 */
// Millions of numbers; networks are never compared.
public record TrainedNetwork(
    ModelSpec model,
    float[] parameters,
    List<String> classes,
    List<Double> mean,
    List<Double> std) {

  /**
   * @throws InvalidModelException with everything that does not fit together
   */
  public TrainedNetwork {
    classes = List.copyOf(classes);
    List<String> problems = new ArrayList<>();
    if (classes.size() != model.classes()) {
      problems.add(
          "the model has " + model.classes() + " classes, but " + classes.size() + " are named");
    }
    int channels = model.input().channels();
    if (mean.size() != std.size() || (mean.size() != 1 && mean.size() != channels)) {
      problems.add(
          String.format(
              "%d means and %d standard deviations for %d channels; one for all or one for each"
                  + " is needed",
              mean.size(), std.size(), channels));
    }
    if (!std.stream().allMatch(value -> value > 0)) {
      problems.add("a standard deviation of " + std + " is not above 0");
    }
    if (!problems.isEmpty()) {
      throw InvalidModelException.of("The network cannot be exported", problems);
    }
    mean = forChannels(mean, channels);
    std = forChannels(std, channels);
  }

  private static List<Double> forChannels(List<Double> values, int channels) {
    if (values.size() == channels) {
      return List.copyOf(values);
    }
    Double[] repeated = new Double[channels];
    Arrays.fill(repeated, values.get(0));
    return List.of(repeated);
  }

  @Override
  public String toString() {
    return model.name() + " with " + parameters.length + " parameters";
  }
}
