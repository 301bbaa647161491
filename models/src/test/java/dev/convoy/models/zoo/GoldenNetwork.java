package dev.convoy.models.zoo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.convoy.models.InputShape;
import dev.convoy.models.ModelRegistry;
import dev.convoy.models.ModelSpec;
import dev.convoy.models.state.ParameterLayout;
import dev.convoy.models.state.ParameterSlot;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** One reference file: the filling by formula, and the values to compare with. */
public final class GoldenNetwork {
  private final JsonNode json;

  private GoldenNetwork(JsonNode json) {
    this.json = json;
  }

  public static GoldenNetwork load(String name) {
    try (InputStream in = GoldenNetwork.class.getResourceAsStream("/golden/" + name + ".json")) {
      return new GoldenNetwork(new ObjectMapper().readTree(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public JsonNode json() {
    return json;
  }

  public ModelSpec spec() {
    JsonNode input = json.get("input");
    InputShape shape =
        new InputShape(input.get(1).intValue(), input.get(2).intValue(), input.get(3).intValue());
    String name = json.get("model").textValue();
    Map<String, Object> arguments = new HashMap<>();
    if (json.has("arguments")) {
      json.get("arguments").fields().forEachRemaining(e -> arguments.put(e.getKey(), value(e)));
    }
    int classes = ModelRegistry.standard().get(name).defaultClasses();
    return new ModelSpec(name, arguments, shape, classes);
  }

  private static Object value(Map.Entry<String, JsonNode> argument) {
    JsonNode value = argument.getValue();
    return value.isInt() ? (Object) value.intValue() : value.textValue();
  }

  public int examples() {
    return json.get("input").get(0).intValue();
  }

  public int[] labels() {
    int[] labels = new int[examples()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = json.get("labels").get(i).intValue();
    }
    return labels;
  }

  public double[] input() {
    return uniform("input", examples() * spec().input().values());
  }

  /** The whole flat vector. */
  public double[] parameters(ParameterLayout layout) {
    double[] flat = new double[layout.length()];
    for (ParameterSlot slot : layout.slots()) {
      System.arraycopy(parameters(slot), 0, flat, slot.offset(), slot.length());
    }
    return flat;
  }

  /** One tensor of it. */
  public double[] parameters(ParameterSlot slot) {
    double[] values = uniform(slot.name(), slot.length());
    double scale = StrictMath.sqrt(2.0 * slot.shape()[0] / slot.length());
    for (int i = 0; i < values.length; i++) {
      double u = values[i];
      values[i] =
          switch (slot.kind()) {
            case WEIGHT -> u * scale;
            case NORM_SCALE -> 1 + 0.1 * u;
            case BIAS, NORM_SHIFT, RUNNING_MEAN -> 0.1 * u;
            case RUNNING_VARIANCE -> 1 + 0.5 * u;
          };
    }
    return values;
  }

  private double[] uniform(String key, int length) {
    long hash = 0xCBF29CE484222325L;
    for (byte b : (json.get("prefix").textValue() + key).getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xFF)) * 0x100000001B3L;
    }
    double[] values = new double[length];
    for (int i = 0; i < length; i++) {
      long z = hash + (i + 1) * 0x9E3779B97F4A7C15L;
      z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
      z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
      z = z ^ (z >>> 31);
      values[i] = (z >>> 11) / 0x1.0p52 - 1.0;
    }
    return values;
  }
}
