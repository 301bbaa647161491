package dev.convoy.models.engine.passes;

import dev.convoy.models.engine.backend.Backend;
import dev.convoy.models.engine.ir.External;
import dev.convoy.models.engine.ir.External.Buffer;
import dev.convoy.models.engine.ir.Operation;
import dev.convoy.models.engine.ir.Program;
import dev.convoy.models.engine.ir.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Splits a program in two: what depends on the parameters alone, which has to run only when they
 * have changed, and the rest. What the one gives the other lies in PREPARED.
 */
public final class HoistPreparation {
  private static final long ALIGNMENT = 64;

  private final Backend backend;

  public HoistPreparation(Backend backend) {
    this.backend = backend;
  }

  /**
   * Two programs.
   *
   * @param preparation reads PARAMETERS, writes PREPARED; equal to that of another batch size if
   *     the kernels of both read the parameters in the same form and order
   * @param main reads PREPARED
   * @param preparedBytes size of PREPARED
   */
  public record Split(Program preparation, Program main, long preparedBytes) {}

  public Split apply(Program program) {
    Set<Value> constant = new HashSet<>();
    program
        .externals()
        .forEach(
            (value, place) -> {
              if (place.buffer() == Buffer.PARAMETERS) {
                constant.add(value);
              }
            });
    List<Operation> before = new ArrayList<>();
    List<Operation> main = new ArrayList<>();
    for (Operation operation : program.operations()) {
      boolean hoisted =
          constant.containsAll(operation.inputs())
              && !operation.inputs().isEmpty()
              && operation.outputs().stream().noneMatch(program.externals()::containsKey);
      if (hoisted) {
        constant.addAll(operation.outputs());
      }
      (hoisted ? before : main).add(operation);
    }
    return split(program, before, main);
  }

  private Split split(Program program, List<Operation> before, List<Operation> main) {
    Set<Value> written = new HashSet<>();
    before.forEach(operation -> written.addAll(operation.outputs()));
    Map<Value, External> externals = new HashMap<>(program.externals());
    long bytes = 0;
    for (Operation operation : main) {
      for (Value input : operation.inputs()) {
        if (written.contains(input) && !externals.containsKey(input)) {
          long offset = bytes / input.type().element().bytes();
          externals.put(input, External.at(Buffer.PREPARED, offset));
          bytes += (backend.bytes(input.type()) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        }
      }
    }
    return new Split(preparation(before, externals), new Program(main, externals), bytes);
  }

  /** With its own places only: those of the rest are other ones with each batch size. */
  private static Program preparation(List<Operation> operations, Map<Value, External> externals) {
    Map<Value, External> own = new HashMap<>();
    for (Operation operation : operations) {
      Stream.concat(operation.inputs().stream(), operation.outputs().stream())
          .filter(externals::containsKey)
          .forEach(value -> own.put(value, externals.get(value)));
    }
    return new Program(operations, own);
  }
}
