package dev.convoy.models.weights;

import dev.convoy.models.InvalidModelException;
import dev.convoy.models.state.NamedTensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Keras files for tests: value k of a tensor is k / 8 - 1. */
final class SmallKeras {

  private static final List<String> NAMES =
      List.of("conv1/kernel", "conv1/bias", "bn_conv1/gamma", "bn_conv1/moving_variance");
  private static final List<int[]> SHAPES =
      List.of(new int[] {2, 3, 3, 4}, new int[] {4}, new int[] {4}, new int[] {4});

  private SmallKeras() {}

  static NamedTensor tensor(int... shape) {
    float[] values = new float[Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
    for (int i = 0; i < values.length; i++) {
      values[i] = i / 8f - 1;
    }
    return new NamedTensor(shape, values);
  }

  /** A model.json and its two shards, which meet in the middle of a number. */
  static byte[][] tfjs() {
    List<NamedTensor> tensors = SHAPES.stream().map(SmallKeras::tensor).toList();
    StringBuilder weights = new StringBuilder();
    for (int i = 0; i < NAMES.size(); i++) {
      weights
          .append(i == 0 ? "" : ",")
          .append("{\"name\":\"%s\",\"shape\":".formatted(NAMES.get(i)))
          .append(Arrays.toString(SHAPES.get(i)))
          .append(",\"dtype\":\"float32\"}");
    }
    String json =
        """
        {"format":"layers-model","modelTopology":{"model_config":{"class_name":"Model","config":
        {"layers":[{"class_name":"Conv2D","config":{"name":"conv1","strides":[2,2]}},
        {"class_name":"BatchNormalization","config":{"name":"bn_conv1","epsilon":0.001}}]}}},
        "weightsManifest":[{"paths":["shard1.bin","shard2.bin"],"weights":[%s]}]}
        """
            .formatted(weights);
    byte[] bytes = bytes(tensors);
    int cut = bytes.length / 2 + 1;
    return new byte[][] {
      json.getBytes(StandardCharsets.UTF_8),
      Arrays.copyOf(bytes, cut),
      Arrays.copyOfRange(bytes, cut, bytes.length)
    };
  }

  static byte[] bytes(List<NamedTensor> tensors) {
    int length = tensors.stream().mapToInt(tensor -> tensor.values().length).sum();
    ByteBuffer buffer = ByteBuffer.allocate(length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (NamedTensor tensor : tensors) {
      for (float value : tensor.values()) {
        buffer.putFloat(value);
      }
    }
    return buffer.array();
  }

  /** The folder with all files but the first, which is the model.json. */
  static WeightFolder folder(byte[][] files) {
    List<byte[]> shards = new ArrayList<>(Arrays.asList(files).subList(1, files.length));
    return name -> {
      for (int i = 0; i < shards.size(); i++) {
        if (name.equals("shard" + (i + 1) + ".bin")) {
          return shards.get(i);
        }
      }
      throw new InvalidModelException("there is no file " + name);
    };
  }

  static byte[] golden(String name) {
    try (InputStream in = SmallKeras.class.getResourceAsStream("/hdf5/" + name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A model.json with one weight of three floats, whose fields can be set. */
  static String manifest(Map<String, String> fields) {
    Map<String, String> all =
        new TreeMap<>(Map.of("name", "\"a/bias\"", "shape", "[3]", "dtype", "\"float32\""));
    all.putAll(fields);
    String weight =
        all.entrySet().stream()
            .filter(field -> !field.getKey().equals("paths"))
            .map(field -> "\"" + field.getKey() + "\":" + field.getValue())
            .collect(Collectors.joining(","));
    return "{\"weightsManifest\":[{\"paths\":"
        + all.getOrDefault("paths", "[\"shard1.bin\"]")
        + ",\"weights\":[{"
        + weight
        + "}]}]}";
  }
}
