package dev.convoy.models.engine;

import dev.convoy.models.engine.backend.Backend;
import dev.convoy.models.engine.backend.Bindings;
import dev.convoy.models.engine.backend.DeviceMemory;
import dev.convoy.models.engine.ir.External.Buffer;
import dev.convoy.models.engine.ir.Operation;
import dev.convoy.models.engine.ir.Program;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What one batch size and mode needs to run. */
final class Plan implements AutoCloseable {
  private final CompiledProgram main;
  private final Optional<PreparedParameters> prepared;
  private final DeviceMemory losses;
  private final int batch;
  private final int outputs;
  private final float[] lossOfExamples;

  private Plan(
      PlanCompiler compiler,
      Backend backend,
      int batch,
      Program program,
      Optional<PreparedParameters> prepared) {
    this.batch = batch;
    this.prepared = prepared;
    this.outputs = outputs(program);
    this.lossOfExamples = new float[batch];
    this.losses = backend.allocate((long) Math.max(outputs, 1) * batch * Float.BYTES);
    try {
      this.main = compiler.compile(program);
    } catch (RuntimeException | Error e) {
      losses.close();
      throw e;
    }
  }

  /** One program that reads the parameters as they are. */
  static Plan whole(PlanCompiler compiler, Backend backend, int batch, Program program) {
    return new Plan(compiler, backend, batch, program, Optional.empty());
  }

  /**
   * A program that reads prepared parameters.
   *
   * @param prepared whose owner closes them after this plan
   */
  static Plan inference(
      PlanCompiler compiler,
      Backend backend,
      int batch,
      Program program,
      PreparedParameters prepared) {
    return new Plan(compiler, backend, batch, program, Optional.of(prepared));
  }

  private static int outputs(Program program) {
    return (int)
        program.externals().values().stream()
            .filter(place -> place.buffer() == Buffer.LOSSES)
            .count();
  }

  MemoryNeed memory() {
    MemoryNeed own =
        new MemoryNeed(main.arenaBytes(), main.executable().scratchBytes(), losses.bytes());
    if (prepared.isEmpty()) {
      return own;
    }
    CompiledProgram preparation = prepared.get().preparation();
    return new MemoryNeed(
        Math.max(own.arenaBytes(), preparation.arenaBytes()),
        Math.max(own.scratchBytes(), preparation.executable().scratchBytes()),
        own.preparedBytes() + prepared.get().bytes());
  }

  void place(DeviceMemory arena, DeviceMemory scratch) {
    main.executable().place(arena, scratch);
    prepared.ifPresent(shared -> shared.preparation().executable().place(arena, scratch));
  }

  /** Whether it is one of those that share these. */
  @SuppressWarnings("ReferenceEquality") // Shared is what is one and the same.
  boolean reads(PreparedParameters shared) {
    return prepared.isPresent() && prepared.get() == shared;
  }

  /** Runs a training plan; the sum of the losses. */
  double gradient(Bindings bindings, long seed) {
    bindLosses(bindings);
    main.executable().run(bindings, seed);
    return sumOfLosses();
  }

  /** Runs a plan that has no losses. */
  void run(Bindings bindings) {
    main.executable().run(bindings, 0);
  }

  private void bindLosses(Bindings bindings) {
    for (int output = 0; output < outputs; output++) {
      bindings.bind(Buffer.LOSSES, output, losses.address() + (long) output * batch * Float.BYTES);
    }
  }

  private double sumOfLosses() {
    double sum = 0;
    for (int output = 0; output < outputs; output++) {
      losses.read((long) output * batch * Float.BYTES, lossOfExamples);
      for (float loss : lossOfExamples) {
        sum += loss;
      }
    }
    return sum;
  }

  /** Runs an inference plan, first preparing the parameters if they changed since. */
  void predict(Bindings bindings, long version) {
    prepared.ifPresent(shared -> shared.bind(bindings, version));
    main.executable().run(bindings, 0);
  }

  /** The main program with the nanoseconds of each of its operations in one run. */
  List<OperationTime> profile(Bindings bindings, long seed) {
    bindLosses(bindings);
    prepared.ifPresent(shared -> shared.bind(bindings));
    long[] times = main.executable().profile(bindings, seed);
    List<Operation> operations = main.program().operations();
    List<OperationTime> profile = new ArrayList<>();
    for (int i = 0; i < times.length; i++) {
      profile.add(new OperationTime(operations.get(i), times[i]));
    }
    return profile;
  }

  @Override
  public void close() {
    main.executable().close();
    losses.close();
  }
}
