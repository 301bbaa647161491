package dev.convoy.benchmarks.libtorch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/** One file of reference values and its formula for inputs and weights; see golden/README.md. */
record GoldenNetwork(JsonNode json) {

  static GoldenNetwork load(String name) {
    String file = "/golden/" + name + ".json";
    try (InputStream stream = GoldenNetwork.class.getResourceAsStream(file)) {
      return new GoldenNetwork(new ObjectMapper().readTree(stream));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Batch batch() {
    long[] shape = shape(json.get("input"));
    Tensor images = Tensor.create(uniform("input", product(shape)), shape);
    JsonNode labels = json.get("labels");
    return new Batch(Weights.channelsLast(images), Tensor.create(shape(labels), labels.size()));
  }

  @SuppressWarnings("try")
  void fill(Weights weights) {
    try (NoGradGuard guard = new NoGradGuard()) {
      for (Map.Entry<String, Tensor> entry : weights.parameters().entrySet()) {
        String name = entry.getKey();
        long[] shape = shape(json.get("parameters").get(name));
        if (shape.length > 1) {
          long fanIn = product(shape) / shape[0];
          copy(name, entry.getValue(), 0, Math.sqrt(2.0 / fanIn), shape);
        } else {
          copy(name, entry.getValue(), name.endsWith(".bias") ? 0 : 1, 0.1, shape);
        }
      }
      for (Map.Entry<String, Tensor> entry : weights.statistics().entrySet()) {
        boolean variance = entry.getKey().endsWith("running_var");
        Tensor tensor = entry.getValue();
        copy(entry.getKey(), tensor, variance ? 1 : 0, variance ? 0.5 : 0.1, tensor.numel());
      }
    }
  }

  private void copy(String name, Tensor target, double offset, double scale, long... shape) {
    double[] values = uniform(name, product(shape));
    Arrays.setAll(values, i -> offset + scale * values[i]);
    try (Tensor source = Tensor.create(values, shape)) {
      target.copy_(source);
    }
  }

  private double[] uniform(String name, int length) {
    long hash = fnv1a64(json.get("prefix").textValue() + name);
    double[] values = new double[length];
    for (int i = 0; i < length; i++) {
      long z = hash + (i + 1) * 0x9E3779B97F4A7C15L;
      z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
      z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
      z ^= z >>> 31;
      values[i] = (z >>> 11) * 0x1p-52 - 1;
    }
    return values;
  }

  private static long fnv1a64(String text) {
    long hash = 0xCBF29CE484222325L;
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * 0x100000001B3L;
    }
    return hash;
  }

  private static int product(long... shape) {
    return Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact));
  }

  private static long[] shape(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false)
        .mapToLong(JsonNode::longValue)
        .toArray();
  }
}
