package dev.convoy.models.weights;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.convoy.models.InputShape;
import dev.convoy.models.InvalidModelException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a safetensors file that Convoy exported says of its network: without it the same tensors
 * would make another function, with other strides, another epsilon or other pixels.
 *
 * @param model name in the registry
 * @param arguments of the architecture
 * @param classes their names, by index
 * @param mean of each channel of pixels divided by 255
 * @param std as many standard deviations
 */
public record NetworkDescription(
    String model,
    Map<String, Object> arguments,
    InputShape input,
    List<String> classes,
    List<Double> mean,
    List<Double> std) {
  /** Under which files beside a network's say what they hold. */
  public static final String OTHER_CONTENT = "convoy_content";

  private static final JsonMapper JSON = JsonMapper.builder().build();

  public NetworkDescription {
    arguments = Collections.unmodifiableMap(new TreeMap<>(arguments));
    classes = List.copyOf(classes);
    mean = List.copyOf(mean);
    std = List.copyOf(std);
  }

  /**
   * The description in a file's metadata; empty if it is not one of Convoy's.
   *
   * @throws InvalidModelException if it is one, but cannot be read
   */
  static Optional<NetworkDescription> of(Map<String, String> metadata) {
    if (metadata.containsKey(OTHER_CONTENT)) {
      throw new InvalidModelException(
          "the file holds a checkpoint's "
              + metadata.get(OTHER_CONTENT)
              + "; its network is in model.safetensors");
    }
    if (!metadata.containsKey("model") || !metadata.containsKey("arguments")) {
      return Optional.empty();
    }
    List<Integer> input = read(metadata, "input", new TypeReference<>() {});
    List<Double> mean = read(metadata, "mean", new TypeReference<>() {});
    List<Double> std = read(metadata, "std", new TypeReference<>() {});
    if (input.size() != 3 || mean.size() != input.get(0) || std.size() != input.get(0)) {
      throw new InvalidModelException(
          "the file's metadata has the input "
              + input
              + ", "
              + mean.size()
              + " means and "
              + std.size()
              + " standard deviations; it has to be channels, height and width, and one of each a"
              + " channel");
    }
    if (!mean.stream().allMatch(Double::isFinite)
        || !std.stream().allMatch(value -> value > 0 && Double.isFinite(value))) {
      throw new InvalidModelException(
          "the file's metadata has the means "
              + mean
              + " and standard deviations "
              + std
              + "; these have to be numbers, the latter above 0");
    }
    return Optional.of(
        new NetworkDescription(
            metadata.get("model"),
            read(metadata, "arguments", new TypeReference<Map<String, Object>>() {}),
            new InputShape(input.get(0), input.get(1), input.get(2)),
            read(metadata, "classes", new TypeReference<List<String>>() {}),
            mean,
            std));
  }

  private static <T> T read(Map<String, String> metadata, String key, TypeReference<T> type) {
    String text = metadata.get(key);
    try {
      T value = text == null ? null : JSON.readValue(text, type);
      if (value == null
          || (value instanceof List<?> list && list.contains(null))
          || (value instanceof Map<?, ?> map && map.containsValue(null))) {
        throw new InvalidModelException(
            "the file's metadata names a model, but has no " + key + ", or null in it");
      }
      return value;
    } catch (JsonProcessingException e) {
      throw new InvalidModelException(
          "the file's metadata names a model, but its " + key + " is no JSON: " + text, e);
    }
  }
}
