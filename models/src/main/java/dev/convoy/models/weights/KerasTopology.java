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
 */
public record KerasTopology(
    SortedMap<String, Double> epsilons, SortedMap<String, Integer> strides) {

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
    SortedMap<String, Double> epsilons = new TreeMap<>();
    SortedMap<String, Integer> strides = new TreeMap<>();
    collect(modelConfig, epsilons, strides);
    return new KerasTopology(epsilons, strides);
  }

  private static void collect(
      JsonNode model, SortedMap<String, Double> epsilons, SortedMap<String, Integer> strides) {
    JsonNode configuration = model.path("config");
    // Early Keras had a sequential model's layers directly in its configuration.
    JsonNode layers = configuration.isArray() ? configuration : configuration.path("layers");
    for (JsonNode layer : layers) {
      JsonNode settings = layer.path("config");
      String name = settings.path("name").asText();
      JsonNode epsilon = settings.path("epsilon");
      if (layer.path("class_name").asText().startsWith("BatchNormalization")
          && epsilon.isNumber()) {
        epsilons.put(name, epsilon.doubleValue());
      }
      JsonNode stride = settings.path("strides").path(0);
      if (layer.path("class_name").asText().equals("Conv2D") && stride.canConvertToInt()) {
        strides.put(name, stride.intValue());
      }
      collect(layer, epsilons, strides);
    }
  }
}
