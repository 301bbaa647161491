package dev.convoy.models.weights;

import com.fasterxml.jackson.databind.JsonNode;
import dev.convoy.models.InvalidModelException;
import dev.convoy.models.state.NamedTensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * TensorFlow.js' layers format: {@code model.json} has Keras' configuration of the layers and, in
 * groups, names, shapes and types of the weights with the files that hold them. The bytes of a
 * group are those of its files one after the other, float32 little-endian in C order.
 */
final class TfjsModel {

  private final WeightFolder folder;
  private final Set<String> paths = new HashSet<>();
  private final SortedMap<String, NamedTensor> tensors = new TreeMap<>();

  private TfjsModel(WeightFolder folder) {
    this.folder = folder;
  }

  static WeightFile read(byte[] modelJson, WeightFolder folder) throws IOException {
    JsonNode root = StrictJson.parse(modelJson, "the model.json");
    JsonNode format = root.path("format");
    if (!format.isMissingNode() && !format.asText().equals("layers-model")) {
      throw damaged("its format is " + brief(format) + "; layers-model is read");
    }
    JsonNode groups = root.path("weightsManifest");
    if (!groups.isArray() || groups.isEmpty()) {
      throw damaged("it has no weightsManifest, a list of groups of weights");
    }
    TfjsModel model = new TfjsModel(folder);
    for (int i = 0; i < groups.size(); i++) {
      model.readGroup(groups.get(i), "group " + i + " of the weightsManifest");
    }
    return new WeightFile(
        WeightFormat.KERAS_TFJS, model.tensors, topology(root.path("modelTopology")));
  }

  private static Optional<KerasTopology> topology(JsonNode node) {
    JsonNode configuration = node.path("model_config");
    JsonNode found = configuration.isMissingNode() ? node : configuration;
    return found.isObject() ? Optional.of(KerasTopology.of(found)) : Optional.empty();
  }

  private void readGroup(JsonNode group, String which) throws IOException {
    JsonNode files = group.path("paths");
    JsonNode entries = group.path("weights");
    if (!files.isArray() || !entries.isArray()) {
      throw damaged(which + " has to have the lists paths and weights");
    }
    List<TfjsWeight> weights = new ArrayList<>();
    Set<String> names = new HashSet<>(tensors.keySet());
    long needed = 0;
    for (JsonNode entry : entries) {
      TfjsWeight weight = TfjsWeight.of(entry, which);
      if (!names.add(weight.name())) {
        throw damaged("the weight " + weight.name() + " stands twice in it");
      }
      weights.add(weight);
      needed = sum(needed, weight.bytes());
    }
    List<byte[]> shards = shards(files, which);
    long held = shards.stream().mapToLong(shard -> shard.length).sum();
    if (held != needed) {
      throw damaged(
          which + " needs " + needed + " bytes, but its " + shards.size() + " files have " + held);
    }
    ShardReader reader = new ShardReader(shards);
    for (TfjsWeight weight : weights) {
      float[] values = reader.floats((int) (weight.bytes() / Float.BYTES));
      tensors.put(weight.name(), new NamedTensor(weight.shape(), values));
    }
  }

  private static long sum(long total, long more) {
    try {
      return Math.addExact(total, more);
    } catch (ArithmeticException e) {
      throw new InvalidModelException(message("its weights are too large"), e);
    }
  }

  private List<byte[]> shards(JsonNode files, String which) throws IOException {
    List<byte[]> shards = new ArrayList<>();
    for (JsonNode file : files) {
      if (!file.isTextual()) {
        throw damaged("paths of " + which + " holds " + brief(file) + ", no name of a file");
      }
      String name = FileNames.within(file.textValue(), which);
      if (!paths.add(name)) {
        throw damaged("the file " + name + " stands twice in it");
      }
      shards.add(folder.read(name));
    }
    return shards;
  }

  static String brief(JsonNode node) {
    String text = node.toString();
    return text.length() > 60 ? text.substring(0, 60) + "..." : text;
  }

  static InvalidModelException damaged(String what) {
    return new InvalidModelException(message(what));
  }

  static String message(String what) {
    return "not a sound model.json of TensorFlow.js: " + what;
  }

  /** The bytes of several arrays, one after the other. */
  private static final class ShardReader {
    private final List<byte[]> shards;
    private int shard;
    private int at;

    ShardReader(List<byte[]> shards) {
      this.shards = shards;
    }

    float[] floats(int count) {
      float[] values = new float[count];
      for (int i = 0; i < count; i++) {
        int bits = next() | (next() << 8) | (next() << 16) | (next() << 24);
        values[i] = Float.intBitsToFloat(bits);
      }
      return values;
    }

    private int next() {
      while (at == shards.get(shard).length) {
        shard++;
        at = 0;
      }
      return shards.get(shard)[at++] & 0xff;
    }
  }

  /** A name, a shape and how many bytes that is. */
  // Never compared.
  private record TfjsWeight(String name, int[] shape, long bytes) {

    static TfjsWeight of(JsonNode entry, String which) {
      JsonNode name = entry.path("name");
      JsonNode shape = entry.path("shape");
      if (!name.isTextual() || name.textValue().isEmpty() || !shape.isArray()) {
        throw damaged("a weight of " + which + " has to have name, shape and dtype");
      }
      String dtype = entry.path("dtype").asText();
      if (!dtype.equals("float32") || entry.has("quantization")) {
        throw damaged(
            "the weight "
                + name.textValue()
                + " is "
                + (entry.has("quantization") ? "quantized" : "of type " + dtype)
                + "; only float32 as it is is read");
      }
      int[] sizes = new int[shape.size()];
      long bytes = Float.BYTES;
      for (int i = 0; i < sizes.length; i++) {
        JsonNode size = shape.get(i);
        if (!size.isIntegralNumber() || !size.canConvertToInt() || size.intValue() < 0) {
          throw damaged("the shape of " + name.textValue() + " holds " + brief(size));
        }
        sizes[i] = size.intValue();
        bytes = product(name.textValue(), bytes, sizes[i]);
      }
      return new TfjsWeight(name.textValue(), sizes, bytes);
    }

    private static long product(String name, long bytes, int size) {
      if (size > 0 && bytes > Integer.MAX_VALUE / size) {
        throw damaged("the shape of " + name + " is too large");
      }
      return bytes * size;
    }
  }
}
