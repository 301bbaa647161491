package dev.convoy.models.engine.onednn;

import dev.convoy.models.engine.backend.Executable;
import dev.convoy.models.engine.backend.StoragePlan;
import dev.convoy.models.engine.ir.External;
import dev.convoy.models.engine.ir.Op;
import dev.convoy.models.engine.ir.Operation;
import dev.convoy.models.engine.ir.Program;
import dev.convoy.models.engine.ir.TensorType;
import dev.convoy.models.engine.ir.Value;
import dev.convoy.models.engine.onednn.Stage.Argument;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.bytedeco.dnnl.dnnl_memory;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.dnnl.dnnl_stream;
import org.bytedeco.dnnl.global.dnnl;

/** Makes an executable of one program. Used once. */
final class Compiler {
  private record MemoryKey(Value value, MemoryFormat format) {}

  private final Descriptors descriptors;
  private final Program program;
  private final StoragePlan storage;
  private final int threads;
  private final NativeScope scope = new NativeScope();
  private final Places places = new Places();
  private final Map<MemoryKey, dnnl_memory> memories = new HashMap<>();
  private final List<List<Step>> steps = new ArrayList<>();
  private final dnnl_stream stream;
  private long scratchBytes;

  Compiler(Descriptors descriptors, Program program, StoragePlan storage, int threads) {
    this.descriptors = descriptors;
    this.program = program;
    this.storage = storage;
    this.threads = threads;
    this.stream = CpuEngine.stream(scope);
  }

  Executable compile() {
    try {
      for (Operation operation : program.operations()) {
        steps.add(compile(commuted(operation)));
      }
    } catch (RuntimeException | Error e) {
      scope.close();
      throw e;
    }
    return new OneDnnExecutable(
        scope, places, steps, stream, scratchBytes, storage.arenaBytes(), threads);
  }

  /** The library overwrites a binary primitive's first operand only. */
  private Operation commuted(Operation operation) {
    boolean commutes = operation.op() instanceof Op.Add || operation.op() instanceof Op.Multiply;
    if (commutes && samePlace(operation.input(1), operation.output(0))) {
      return new Operation(
          operation.op(), List.of(operation.input(1), operation.input(0)), operation.outputs());
    }
    return operation;
  }

  private List<Step> compile(Operation operation) {
    try (NativeScope temporary = new NativeScope()) {
      Lowering lowering =
          new Lowering(operation.op(), OneDnnBackend.types(operation), descriptors, temporary);
      Lowered lowered = Lowerings.lower(lowering);
      lowered.alias().ifPresent(alias -> checkAlias(operation, alias.index()));
      List<Step> made = new ArrayList<>();
      for (Stage stage : lowered.stages()) {
        if (stage instanceof Stage.Primitive primitive) {
          made.add(step(operation, primitive, lowered.temporaryBytes(), lowering));
        } else if (stage instanceof Stage.Host host) {
          made.add(step(operation, host));
          scratchBytes = Math.max(scratchBytes, lowered.temporaryBytes());
        }
      }
      return made;
    }
  }

  private Step step(
      Operation operation, Stage.Primitive stage, long temporaryBytes, Lowering lowering) {
    dnnl_primitive_desc descriptor = stage.descriptor();
    dnnl_primitive primitive =
        scope.make(
            new dnnl_primitive(),
            made -> dnnl.dnnl_primitive_create(made, descriptor),
            dnnl::dnnl_primitive_destroy,
            operation);
    ExecutionArguments arguments = new ExecutionArguments(stage.arguments().size() + 1, scope);
    for (Argument argument : stage.arguments()) {
      dnnl_memory_desc wanted = Resolution.descriptor(descriptor, argument.number());
      if (dnnl.dnnl_memory_desc_get_size(wanted) > 0) {
        check(operation, argument, wanted, lowering);
        arguments.add(argument.number(), memory(operation, argument.operand(), wanted));
      }
    }
    dnnl_memory_desc scratchpad =
        dnnl.dnnl_primitive_desc_query_md(descriptor, dnnl.dnnl_query_scratchpad_md, 0);
    long needed = dnnl.dnnl_memory_desc_get_size(scratchpad);
    long begin = HostMemory.aligned(temporaryBytes);
    scratchBytes = Math.max(scratchBytes, begin + needed);
    if (needed > 0) {
      dnnl_memory memory = memory(scratchpad);
      places.inScratch(begin, mover(memory));
      arguments.add(dnnl.DNNL_ARG_SCRATCHPAD, memory);
    }
    return new PrimitiveStep(primitive, stream, arguments.count(), arguments.array(), operation);
  }

  /** That a layout, made for one primitive, is what this one reads. */
  private void check(
      Operation operation, Argument argument, dnnl_memory_desc wanted, Lowering lowering) {
    if (argument.operand() instanceof Stage.Temporary) {
      return;
    }
    TensorType type = value(operation, argument.operand()).type();
    boolean workspace = argument.number() == dnnl.DNNL_ARG_WORKSPACE;
    if (workspace && !Descriptors.equal(lowering.describe(type), wanted)) {
      throw new UnsupportedOperationException(
          type + " was not made for the primitive that reads it: " + operation);
    }
  }

  private Step step(Operation operation, Stage.Host stage) {
    long[] addresses = new long[stage.operands().size()];
    for (int i = 0; i < addresses.length; i++) {
      int index = i;
      settle(operation, stage.operands().get(i), address -> addresses[index] = address);
    }
    return new HostStep(stage.kernel(), addresses);
  }

  private dnnl_memory memory(
      Operation operation, Stage.Operand operand, dnnl_memory_desc descriptor) {
    if (operand instanceof Stage.Temporary) {
      dnnl_memory memory = memory(descriptor);
      settle(operation, operand, mover(memory));
      return memory;
    }
    MemoryKey key =
        new MemoryKey(value(operation, operand), MemoryFormat.of(descriptor, List.of()));
    dnnl_memory known = memories.get(key);
    if (known == null) {
      known = memory(descriptor);
      settle(operation, operand, mover(known));
      memories.put(key, known);
    }
    return known;
  }

  private dnnl_memory memory(dnnl_memory_desc descriptor) {
    return scope.make(
        new dnnl_memory(),
        made -> dnnl.dnnl_memory_create(made, descriptor, CpuEngine.get(), new Address(0)),
        dnnl::dnnl_memory_destroy,
        "a memory object");
  }

  private static LongConsumer mover(dnnl_memory memory) {
    Address target = new Address(0);
    return address ->
        Status.check(
            dnnl.dnnl_memory_set_data_handle(memory, target.to(address)), "placing memory");
  }

  private static Value value(Operation operation, Stage.Operand operand) {
    if (operand instanceof Stage.Input input) {
      return operation.input(input.index());
    } else if (operand instanceof Stage.Output output) {
      return operation.output(output.index());
    }
    throw new IllegalArgumentException(operand + " is no value of " + operation);
  }

  private void settle(Operation operation, Stage.Operand operand, LongConsumer told) {
    if (operand instanceof Stage.Temporary temporary) {
      places.inScratch(temporary.offset(), told);
      return;
    }
    Value value = value(operation, operand);
    External external = program.externals().get(value);
    if (external != null) {
      places.outside(external, external.offset() * value.type().element().bytes(), told);
    } else {
      places.inArena(offset(value), told);
    }
  }

  private long offset(Value value) {
    Long offset = storage.offsets().get(value);
    if (offset == null) {
      throw new IllegalArgumentException(value + " is neither external nor has it a place");
    }
    if (offset < 0 || offset + descriptors.bytes(value.type()) > storage.arenaBytes()) {
      throw new IllegalArgumentException(
          value + " at " + offset + " does not fit into " + storage.arenaBytes() + " bytes");
    }
    return offset;
  }

  private void checkAlias(Operation operation, int input) {
    if (!samePlace(operation.input(input), operation.output(0))) {
      throw new IllegalArgumentException(
          operation.output(0)
              + " has to lie where "
              + operation.input(input)
              + " lies: "
              + operation);
    }
  }

  private boolean samePlace(Value a, Value b) {
    External outside = program.externals().get(a);
    return outside != null
        ? outside.equals(program.externals().get(b))
        : !program.externals().containsKey(b) && offset(a) == offset(b);
  }
}
