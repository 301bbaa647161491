package dev.convoy.models.engine.onednn;

import dev.convoy.models.engine.backend.Backend;
import dev.convoy.models.engine.backend.Bindings;
import dev.convoy.models.engine.backend.DeviceMemory;
import dev.convoy.models.engine.backend.Executable;
import dev.convoy.models.engine.backend.OperandTypes;
import dev.convoy.models.engine.backend.StoragePlan;
import dev.convoy.models.engine.ir.ElementType;
import dev.convoy.models.engine.ir.External;
import dev.convoy.models.engine.ir.External.Buffer;
import dev.convoy.models.engine.ir.Layout;
import dev.convoy.models.engine.ir.Op;
import dev.convoy.models.engine.ir.Operation;
import dev.convoy.models.engine.ir.Program;
import dev.convoy.models.engine.ir.ProgramBuilder;
import dev.convoy.models.engine.ir.Shape;
import dev.convoy.models.engine.ir.TensorType;
import dev.convoy.models.engine.ir.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;

/**
 * A small program for a test: inputs from Java's arrays, operations with their layouts resolved and
 * reorders put in where needed, results as arrays. Every value has its own place in the arena,
 * unless it has to share one.
 */
final class TestProgram implements AutoCloseable {
  private final Backend backend;
  private final ProgramBuilder builder = new ProgramBuilder();
  private final Map<Value, Long> offsets = new HashMap<>();
  private final List<float[]> inputs = new ArrayList<>();
  private final List<byte[]> images = new ArrayList<>();
  private final List<Value> results = new ArrayList<>();
  private final List<DeviceMemory> memories = new ArrayList<>();
  private final Map<Value, DeviceMemory> resultMemory = new HashMap<>();
  private long arenaBytes;
  private Executable executable;
  private Bindings bindings;

  TestProgram(Backend backend) {
    this.backend = backend;
  }

  /** Row-major float32 from the caller. */
  Value input(Shape shape, float[] values) {
    assertLength(shape, values.length);
    inputs.add(values);
    return builder.external(
        "input", TensorType.plain(shape), new External(Buffer.LABELS, inputs.size() - 1, 0));
  }

  /** Bytes, channels last, from the caller. */
  Value images(TensorType type, byte[] values) {
    assertLength(type.shape(), values.length);
    images.add(values);
    return builder.external("images", type, new External(Buffer.IMAGES, images.size() - 1, 0));
  }

  private static void assertLength(Shape shape, int length) {
    if (shape.elements() != length) {
      throw new IllegalArgumentException(length + " values for " + shape);
    }
  }

  /** The value in another type, itself if that is its own. */
  Value as(Value value, TensorType type) {
    if (value.type().equals(type)) {
      return value;
    }
    Value other = placed(builder.value("as", type));
    builder.add(new Op.Reorder(), List.of(value), List.of(other));
    return other;
  }

  /** One operation on values as they are; outputs may be of layout ANY. */
  List<Value> apply(Op op, List<Value> operands, TensorType... outputs) {
    return apply(op, operands, operands.stream().map(Value::type).toList(), outputs);
  }

  /** One operation with the types that its inputs should have, ANY among them. */
  List<Value> apply(Op op, List<Value> operands, List<TensorType> wanted, TensorType... outputs) {
    OperandTypes types = resolve(op, wanted, List.of(outputs));
    List<Value> converted = new ArrayList<>();
    for (int i = 0; i < operands.size(); i++) {
      converted.add(as(operands.get(i), types.inputs().get(i)));
    }
    List<Value> made = new ArrayList<>();
    for (TensorType type : types.outputs()) {
      made.add(builder.value(op.getClass().getSimpleName(), type));
    }
    Operation operation = new Operation(op, converted, made);
    for (Value value : made) {
      placed(value);
    }
    addend(op).ifPresent(input -> offsets.put(made.get(0), offsets.get(operation.input(input))));
    builder.add(op, converted, made);
    return made;
  }

  /** Overwrites an input with the first output of an operation, as the backend allows it. */
  Value applyInPlace(Op op, List<Value> operands, int input, TensorType... outputs) {
    List<Value> copies = new ArrayList<>(operands);
    copies.set(input, copy(operands.get(input)));
    List<Value> made = apply(op, copies, outputs);
    if (!backend.inPlace(new Operation(op, copies, made), input)) {
      throw new IllegalStateException(op + " may not overwrite input " + input);
    }
    offsets.put(made.get(0), offsets.get(copies.get(input)));
    return made.get(0);
  }

  private Value copy(Value value) {
    Value other = placed(builder.value("copy", value.type()));
    builder.add(new Op.Reorder(), List.of(value), List.of(other));
    return other;
  }

  OperandTypes resolve(Op op, List<TensorType> ins, List<TensorType> outs) {
    ProgramBuilder scratch = new ProgramBuilder();
    return backend.resolve(
        new Operation(
            op,
            ins.stream().map(type -> scratch.value("in", type)).toList(),
            outs.stream().map(type -> scratch.value("out", type)).toList()));
  }

  private static Optional<Integer> addend(Op op) {
    if (op instanceof Op.Convolution c && c.addend() == Op.Addend.PRESENT) {
      return Optional.of(c.bias() == Op.Bias.PRESENT ? 3 : 2);
    } else if (op instanceof Op.ConvolutionBackwardData c && c.addend() == Op.Addend.PRESENT) {
      return Optional.of(2);
    } else if (op instanceof Op.Reshape) {
      return Optional.of(0);
    }
    return Optional.empty();
  }

  private Value placed(Value value) {
    offsets.put(value, arenaBytes);
    arenaBytes += HostMemory.aligned(backend.bytes(value.type()));
    return value;
  }

  /** Marks a value as a result; read it by {@link #read} after the run. */
  Value result(Value value) {
    TensorType plain = TensorType.plain(value.shape());
    Value out =
        builder.external("result", plain, new External(Buffer.PREDICTIONS, results.size(), 0));
    builder.add(new Op.Reorder(), List.of(value), List.of(out));
    results.add(out);
    return out;
  }

  TestProgram run(long seed) {
    if (executable == null) {
      prepare();
    }
    executable.run(bindings, seed);
    return this;
  }

  Executable executable() {
    return executable;
  }

  Bindings bindings() {
    return bindings;
  }

  private void prepare() {
    Program program = builder.build();
    executable = backend.compile(program, new StoragePlan(offsets, arenaBytes));
    executable.place(allocate(arenaBytes), allocate(executable.scratchBytes()));
    bindings = new Bindings();
    for (int i = 0; i < inputs.size(); i++) {
      float[] values = inputs.get(i);
      DeviceMemory memory = allocate((long) values.length * Float.BYTES);
      new FloatPointer(new Address(memory.address())).put(values, 0, values.length);
      bindings.bind(Buffer.LABELS, i, memory.address());
    }
    for (int i = 0; i < images.size(); i++) {
      byte[] values = images.get(i);
      DeviceMemory memory = allocate(values.length);
      new BytePointer(new Address(memory.address())).put(values, 0, values.length);
      bindings.bind(Buffer.IMAGES, i, memory.address());
    }
    for (int i = 0; i < results.size(); i++) {
      DeviceMemory memory = allocate(results.get(i).shape().elements() * Float.BYTES);
      resultMemory.put(results.get(i), memory);
      bindings.bind(Buffer.PREDICTIONS, i, memory.address());
    }
  }

  private DeviceMemory allocate(long bytes) {
    DeviceMemory memory = backend.allocate(bytes);
    memories.add(memory);
    return memory;
  }

  /** A result, row-major. */
  float[] read(Value result) {
    float[] values = new float[Math.toIntExact(result.shape().elements())];
    new FloatPointer(new Address(resultMemory.get(result).address())).get(values, 0, values.length);
    return values;
  }

  /** A workspace's type: its shape does not matter. */
  static TensorType workspace() {
    return new TensorType(ElementType.UINT8, Shape.of(1), Layout.ANY);
  }

  @Override
  public void close() {
    if (executable != null) {
      executable.close();
    }
    memories.forEach(DeviceMemory::close);
  }
}
