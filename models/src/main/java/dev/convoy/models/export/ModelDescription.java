package dev.convoy.models.export;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.convoy.models.InputShape;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a file says of its network besides the tensors: text by key, lists and mappings as JSON. */
public final class ModelDescription {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private ModelDescription() {}

  /**
   * The keys are {@code model}, {@code arguments}, {@code input} (channels, height, width), {@code
   * channel_order}, {@code classes}, and {@code mean} and {@code std} by channel: the network takes
   * {@code (pixel / 255 - mean) / std}.
   */
  public static SortedMap<String, String> of(TrainedNetwork network) {
    InputShape input = network.model().input();
    SortedMap<String, String> text = new TreeMap<>();
    text.put("model", network.model().name());
    text.put("arguments", json(network.model().arguments()));
    text.put("input", json(List.of(input.channels(), input.height(), input.width())));
    text.put("channel_order", channelOrder(input.channels()));
    text.put("classes", json(network.classes()));
    text.put("mean", json(network.mean()));
    text.put("std", json(network.std()));
    return text;
  }

  private static String channelOrder(int channels) {
    return switch (channels) {
      case 1 -> "grey";
      case 3 -> "RGB";
      default -> "as trained";
    };
  }

  static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("text and numbers are always JSON", e);
    }
  }
}
