package dev.convoy.models.safetensors;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.convoy.models.InvalidModelException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The header of a safetensors file: which tensor lies where.
 *
 * @param entries in the order of their bytes
 * @param dataBegin where in the file the tensors' bytes begin
 */
record SafetensorsHeader(List<Entry> entries, SortedMap<String, String> metadata, int dataBegin) {

  /** The format's own limit. */
  private static final int LONGEST_HEADER = 100_000_000;

  private static final int ALIGNMENT = 8;
  private static final String METADATA = "__metadata__";
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /**
   * One tensor.
   *
   * @param begin of its bytes, counted from the end of the header
   */
  // Never compared.
  record Entry(String name, int[] shape, SafetensorsType type, int elements, int begin) {

    long bytes() {
      return (long) elements * type.bytes();
    }
  }

  static byte[] encode(SortedMap<String, int[]> shapes, SortedMap<String, String> metadata) {
    ObjectNode root = JSON.createObjectNode();
    if (!metadata.isEmpty()) {
      ObjectNode node = root.putObject(METADATA);
      metadata.forEach(node::put);
    }
    long offset = 0;
    for (Map.Entry<String, int[]> entry : shapes.entrySet()) {
      if (entry.getKey().equals(METADATA)) {
        throw new InvalidModelException("a tensor cannot be named " + METADATA);
      }
      ObjectNode node = root.putObject(entry.getKey()).put("dtype", "F32");
      ArrayNode shape = node.putArray("shape");
      long end = offset + Float.BYTES * elements(entry.getValue());
      Arrays.stream(entry.getValue()).forEach(shape::add);
      node.putArray("data_offsets").add(offset).add(end);
      offset = end;
    }
    byte[] json = root.toString().getBytes(StandardCharsets.UTF_8);
    byte[] padded = Arrays.copyOf(json, (json.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
    Arrays.fill(padded, json.length, padded.length, (byte) ' ');
    return padded;
  }

  private static long elements(int[] shape) {
    return Arrays.stream(shape).asLongStream().reduce(1, Math::multiplyExact);
  }

  /** Whether a file begins with a header's length and brace. */
  static boolean beginsWithOne(byte[] content) {
    if (content.length <= Long.BYTES || content[Long.BYTES] != '{') {
      return false;
    }
    long length = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).getLong();
    return length > 0 && length <= LONGEST_HEADER;
  }

  static SafetensorsHeader decode(byte[] content) {
    if (content.length < Long.BYTES) {
      throw damaged("it has " + content.length + " bytes; the length of the header alone takes 8");
    }
    long length = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (length < 2 || length > LONGEST_HEADER) {
      throw damaged(
          "the header's length is "
              + Long.toUnsignedString(length)
              + " bytes; it has to be between 2 and "
              + LONGEST_HEADER);
    }
    if (length > content.length - Long.BYTES) {
      throw damaged(
          "it is cut off: the header has "
              + length
              + " bytes, but only "
              + (content.length - Long.BYTES)
              + " follow");
    }
    JsonNode root = parse(ByteBuffer.wrap(content, Long.BYTES, (int) length));
    int dataBegin = Long.BYTES + (int) length;
    SortedMap<String, String> metadata = new TreeMap<>();
    List<Entry> entries = new ArrayList<>();
    for (Iterator<Map.Entry<String, JsonNode>> fields = root.fields(); fields.hasNext(); ) {
      Map.Entry<String, JsonNode> field = fields.next();
      if (field.getKey().equals(METADATA)) {
        readMetadata(field.getValue(), metadata);
      } else {
        entries.add(entry(field.getKey(), field.getValue(), content.length - dataBegin));
      }
    }
    entries.sort(Comparator.comparingInt(Entry::begin).thenComparingLong(Entry::bytes));
    checkCover(entries, content.length - dataBegin);
    return new SafetensorsHeader(entries, metadata, dataBegin);
  }

  private static JsonNode parse(ByteBuffer json) {
    if (json.get(json.position()) != '{') {
      throw damaged("its header does not begin with '{'");
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(json).toString();
      return JSON.readTree(text);
    } catch (CharacterCodingException e) {
      throw new InvalidModelException(damagedMessage("its header is not UTF-8"), e);
    } catch (JsonProcessingException e) {
      throw new InvalidModelException(
          damagedMessage("its header is not valid JSON: " + e.getOriginalMessage()), e);
    }
  }

  private static void readMetadata(JsonNode node, SortedMap<String, String> metadata) {
    if (!node.isObject()) {
      throw damaged(METADATA + " is not an object");
    }
    node.fields()
        .forEachRemaining(
            field -> {
              if (!field.getValue().isTextual()) {
                throw damaged(METADATA + "." + field.getKey() + " is not a string");
              }
              metadata.put(field.getKey(), field.getValue().textValue());
            });
  }

  private static Entry entry(String name, JsonNode node, int dataLength) {
    JsonNode shapeNode = node.path("shape");
    JsonNode offsets = node.path("data_offsets");
    if (!node.isObject() || node.size() != 3 || !node.path("dtype").isTextual()) {
      throw damaged("tensor " + name + " has to have exactly dtype, shape and data_offsets");
    }
    SafetensorsType type =
        SafetensorsType.of(name, node.path("dtype").textValue())
            .orElseThrow(
                () ->
                    damaged(
                        "tensor "
                            + name
                            + " is of type "
                            + node.path("dtype").textValue()
                            + "; F32, F16 and BF16 are read"));
    if (!shapeNode.isArray() || !offsets.isArray() || offsets.size() != 2) {
      throw damaged("shape or data_offsets of tensor " + name + " is not a list of numbers");
    }
    int[] shape = new int[shapeNode.size()];
    long bytes = type.bytes();
    for (int i = 0; i < shape.length; i++) {
      shape[i] = number(name, "shape", shapeNode.get(i), Integer.MAX_VALUE);
      bytes = multiply(name, bytes, shape[i]);
    }
    int begin = number(name, "data_offsets", offsets.get(0), dataLength);
    int end = number(name, "data_offsets", offsets.get(1), dataLength);
    if (end - (long) begin != bytes) {
      throw damaged(
          "tensor "
              + name
              + " of shape "
              + Arrays.toString(shape)
              + " needs "
              + bytes
              + " bytes, but its data_offsets are "
              + begin
              + " to "
              + end);
    }
    return new Entry(name, shape, type, (int) (bytes / type.bytes()), begin);
  }

  private static long multiply(String name, long bytes, int size) {
    try {
      return Math.multiplyExact(bytes, (long) size);
    } catch (ArithmeticException e) {
      throw new InvalidModelException(
          damagedMessage("the shape of tensor " + name + " is too large"), e);
    }
  }

  private static int number(String name, String key, JsonNode node, int largest) {
    if (!node.isIntegralNumber() || !node.canConvertToInt()) {
      throw damaged(key + " of tensor " + name + " holds " + node + ", no number of this file");
    }
    int value = node.intValue();
    if (value < 0 || value > largest) {
      throw damaged(
          key + " of tensor " + name + " holds " + value + "; it has to be 0 to " + largest);
    }
    return value;
  }

  private static void checkCover(List<Entry> entries, int dataLength) {
    long expected = 0;
    for (Entry entry : entries) {
      if (entry.begin() != expected) {
        throw damaged(
            "tensor "
                + entry.name()
                + " begins at byte "
                + entry.begin()
                + (entry.begin() < expected ? " and overlaps" : " and leaves a hole after")
                + " the one before, which ends at "
                + expected);
      }
      expected += entry.bytes();
    }
    if (expected != dataLength) {
      throw damaged("the tensors take " + expected + " bytes, but the file holds " + dataLength);
    }
  }

  private static InvalidModelException damaged(String what) {
    return new InvalidModelException(damagedMessage(what));
  }

  private static String damagedMessage(String what) {
    return "not a sound safetensors file: " + what;
  }
}
