package dev.convoy.models.benchmark;

import dev.convoy.models.engine.OperationTime;
import dev.convoy.models.engine.backend.Backend;
import dev.convoy.models.engine.backend.Bindings;
import dev.convoy.models.engine.backend.DeviceMemory;
import dev.convoy.models.engine.backend.Executable;
import dev.convoy.models.engine.backend.StoragePlan;
import dev.convoy.models.engine.ir.External;
import dev.convoy.models.engine.ir.External.Buffer;
import dev.convoy.models.engine.ir.Op;
import dev.convoy.models.engine.ir.Operation;
import dev.convoy.models.engine.ir.Program;
import dev.convoy.models.engine.ir.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the library's operations with weights and its batch norms take by themselves: each is run
 * alone, again and again, and the medians are added. A step that did nothing else would be as fast.
 */
final class Ceiling {
  private static final long ALIGNMENT = 64;
  private static final double NANOSECONDS = 1e9;
  private static final Duration EACH = Duration.ofMillis(60);

  private final Backend backend;

  Ceiling(Backend backend) {
    this.backend = backend;
  }

  /** Of those of a step's operations that count, in their order. */
  List<OperationTime> times(List<OperationTime> step) {
    Map<String, Long> known = new HashMap<>();
    return step.stream()
        .map(OperationTime::operation)
        .filter(Ceiling::counts)
        .map(
            operation ->
                new OperationTime(
                    operation, known.computeIfAbsent(key(operation), k -> alone(operation))))
        .toList();
  }

  private static boolean counts(Operation operation) {
    Op op = operation.op();
    return op instanceof Op.Convolution
        || op instanceof Op.ConvolutionBackwardData
        || op instanceof Op.ConvolutionBackwardWeights
        || op instanceof Op.Dense
        || op instanceof Op.DenseBackwardData
        || op instanceof Op.DenseBackwardWeights
        || op instanceof Op.BatchNorm
        || op instanceof Op.BatchNormBackward
        || op instanceof Op.FixedBatchNorm;
  }

  private static String key(Operation operation) {
    return operation.op() + " " + types(operation.inputs()) + " " + types(operation.outputs());
  }

  private static String types(List<Value> values) {
    return values.stream().map(Value::type).toList().toString();
  }

  private long alone(Operation operation) {
    Map<Value, External> places = new HashMap<>();
    long bytes = 0;
    List<Value> operands = new ArrayList<>(operation.inputs());
    operands.addAll(operation.outputs());
    for (Value value : operands) {
      if (addsInPlace(operation) && value.equals(operation.output(0))) {
        places.put(value, places.get(operation.input(operation.inputs().size() - 1)));
      } else if (!places.containsKey(value)) {
        places.put(value, External.at(Buffer.PREPARED, bytes / value.type().element().bytes()));
        bytes += (backend.bytes(value.type()) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
      }
    }
    Program program = new Program(List.of(operation), places);
    Executable executable = backend.compile(program, new StoragePlan(Map.of(), 0));
    try (DeviceMemory operandsMemory = backend.allocate(bytes);
        DeviceMemory arena = backend.allocate(1);
        DeviceMemory scratch = backend.allocate(Math.max(1, executable.scratchBytes()))) {
      executable.place(arena, scratch);
      Bindings bindings = new Bindings().bind(Buffer.PREPARED, operandsMemory.address());
      double seconds = Stopwatch.median(Stopwatch.seconds(() -> executable.run(bindings, 0), EACH));
      return Math.round(seconds * NANOSECONDS);
    } finally {
      executable.close();
    }
  }

  private static boolean addsInPlace(Operation operation) {
    return (operation.op() instanceof Op.Convolution convolution
            && convolution.addend() == Op.Addend.PRESENT)
        || (operation.op() instanceof Op.ConvolutionBackwardData backward
            && backward.addend() == Op.Addend.PRESENT);
  }
}
