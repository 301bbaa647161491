package dev.convoy.models.weights;

import com.fasterxml.jackson.databind.JsonNode;
import dev.convoy.models.InvalidModelException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What Keras' configuration of a model says of its layers and their weights do not.
 *
 * @param epsilons of the batch norms, by layer
 * @param strides of the convolutions along the height, by layer
 * @param poolsUnpadded whether there is max pooling, but no layer that pads one pixel on all sides
 */
public record KerasTopology(
    SortedMap<String, Double> epsilons, SortedMap<String, Integer> strides, boolean poolsUnpadded) {

  public KerasTopology {
    epsilons = Collections.unmodifiableSortedMap(epsilons);
    strides = Collections.unmodifiableSortedMap(strides);
  }

  /**
   * From the text in a Keras file.
   *
   * @throws InvalidModelException if it is not JSON
   */
  static KerasTopology parse(String modelConfig) {
    return of(StrictJson.parse(modelConfig.getBytes(StandardCharsets.UTF_8), "model_config"));
  }

  /** From the configuration of a model, models within it included. */
  static KerasTopology of(JsonNode modelConfig) {
    Collected collected = new Collected();
    collected.add(modelConfig);
    return new KerasTopology(
        collected.epsilons, collected.strides, collected.pools && !collected.padsOne);
  }

  /** What was found so far. */
  private static final class Collected {
    private final SortedMap<String, Double> epsilons = new TreeMap<>();
    private final SortedMap<String, Integer> strides = new TreeMap<>();
    private boolean pools;
    private boolean padsOne;

    private void add(JsonNode model) {
      JsonNode configuration = model.path("config");
      // Early Keras had a sequential model's layers directly in its configuration.
      JsonNode layers = configuration.isArray() ? configuration : configuration.path("layers");
      for (JsonNode layer : layers) {
        JsonNode settings = layer.path("config");
        String name = settings.path("name").asText();
        String kind = layer.path("class_name").asText();
        JsonNode epsilon = settings.path("epsilon");
        if (kind.startsWith("BatchNormalization") && epsilon.isNumber()) {
          epsilons.put(name, epsilon.doubleValue());
        }
        JsonNode stride = settings.path("strides").path(0);
        if (kind.equals("Conv2D") && stride.canConvertToInt()) {
          strides.put(name, stride.intValue());
        }
        pools |= kind.equals("MaxPooling2D");
        padsOne |= kind.equals("ZeroPadding2D") && isOneAllAround(settings.path("padding"));
        add(layer);
      }
    }

    /** A number, one each for height and width, or these for both ends. */
    private static boolean isOneAllAround(JsonNode padding) {
      if (!padding.isArray()) {
        return padding.asInt() == 1;
      }
      boolean all = !padding.isEmpty();
      for (JsonNode side : padding) {
        all &= isOneAllAround(side);
      }
      return all;
    }
  }
}
