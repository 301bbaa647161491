package dev.convoy.models.export;

import dev.convoy.models.InvalidModelException;
import dev.convoy.models.engine.ir.External;
import dev.convoy.models.engine.ir.Shape;
import dev.convoy.models.engine.ir.Value;
import dev.convoy.models.state.ParameterSlot;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;

/** An ONNX graph being written: nodes in order, constants, and a name for each value. */
final class OnnxGraph {
  private final Map<Value, External> externals;
  private final Map<Long, ParameterSlot> slots;
  private final float[] parameters;
  private final String input;
  private final Shape inputShape;
  private final Map<Value, String> names = new HashMap<>();
  private final Set<String> taken = new HashSet<>();
  private final List<NodeProto> nodes = new ArrayList<>();
  private final Map<String, OnnxInitializer> initializers = new LinkedHashMap<>();

  /**
   * @param externals of the program that is written
   * @param slots the parameters' tensors by their offset in the flat vector
   * @param input the name of the network's input
   * @param inputShape its shape, with a batch of 1
   */
  OnnxGraph(
      Map<Value, External> externals,
      Map<Long, ParameterSlot> slots,
      float[] parameters,
      String input,
      Shape inputShape) {
    this.externals = Map.copyOf(externals);
    this.slots = Map.copyOf(slots);
    this.parameters = parameters;
    this.input = input;
    this.inputShape = inputShape;
    taken.add(input);
  }

  List<NodeProto> nodes() {
    return List.copyOf(nodes);
  }

  List<OnnxInitializer> initializers() {
    return List.copyOf(initializers.values());
  }

  /** Gives a value its name before it gets one of its own. */
  void name(Value value, String name) {
    taken.add(name);
    names.put(value, name);
  }

  /** A value's name; parameters and another shape of the input come into being with it. */
  String name(Value value) {
    String known = names.get(value);
    if (known != null) {
      return known;
    }
    External external = externals.get(value);
    String name;
    if (external != null && external.buffer() == External.Buffer.PARAMETERS) {
      name = parameter(value, external.offset());
    } else if (external != null && external.buffer() == External.Buffer.IMAGES) {
      name = image(value);
    } else {
      name = free(value.name());
    }
    names.put(value, name);
    return name;
  }

  /** A name like this that no other value has. */
  String free(String wanted) {
    String name = wanted;
    for (int i = 2; !taken.add(name); i++) {
      name = wanted + "/" + i;
    }
    return name;
  }

  private String image(Value value) {
    if (value.shape().equals(inputShape)) {
      return input;
    }
    String name = free(input);
    reshape(input, name, value.shape());
    return name;
  }

  private String parameter(Value value, long offset) {
    ParameterSlot slot = slots.get(offset);
    int[] shape = value.shape().dimensions().stream().mapToInt(size -> size).toArray();
    if (slot == null || !Arrays.equals(slot.shape(), shape)) {
      throw new InvalidModelException(
          value.name()
              + " of shape "
              + value.shape()
              + " is no tensor of the network's parameters");
    }
    String name = free(slot.name());
    int bytes = Math.multiplyExact(slot.length(), Float.BYTES);
    initializers.put(
        name,
        new OnnxInitializer(
            head(name, TensorProto.DataType.FLOAT, IntStream.of(shape).asLongStream().toArray()),
            bytes,
            out -> FloatBytes.write(out, parameters, slot.offset(), slot.length())));
    return name;
  }

  /** Whole numbers as a constant. */
  String constant(String wanted, long... values) {
    String name = free(wanted);
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asLongBuffer().put(values);
    return constant(name, head(name, TensorProto.DataType.INT64, values.length), bytes.array());
  }

  /** One float as a constant of rank 0. */
  String constant(String wanted, float value) {
    String name = free(wanted);
    byte[] bytes =
        ByteBuffer.allocate(Float.BYTES).order(ByteOrder.LITTLE_ENDIAN).putFloat(value).array();
    return constant(name, head(name, TensorProto.DataType.FLOAT), bytes);
  }

  private String constant(String name, TensorProto head, byte[] bytes) {
    initializers.put(name, new OnnxInitializer(head, bytes.length, out -> out.write(bytes)));
    return name;
  }

  private static TensorProto head(String name, TensorProto.DataType type, long... dimensions) {
    TensorProto.Builder head = TensorProto.newBuilder().setName(name).setDataType(type.getNumber());
    for (long size : dimensions) {
      head.addDims(size);
    }
    return head.build();
  }

  /** Another shape for the same numbers, for any batch. */
  void reshape(String from, String to, Shape shape) {
    long[] dimensions = shape.dimensions().stream().mapToLong(size -> size).toArray();
    // 0: as in the input.
    dimensions[0] = 0;
    add("Reshape", List.of(from, constant(to + ".shape", dimensions)), to);
  }

  /** A node of one output, which gives it its name. */
  void add(String operator, List<String> inputs, String output, AttributeProto... attributes) {
    nodes.add(
        NodeProto.newBuilder()
            .setName(output)
            .setOpType(operator)
            .addAllInput(inputs)
            .addOutput(output)
            .addAllAttribute(List.of(attributes))
            .build());
  }
}
