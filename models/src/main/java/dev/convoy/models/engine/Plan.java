package dev.convoy.models.engine;

import dev.convoy.models.engine.backend.Backend;
import dev.convoy.models.engine.backend.Bindings;
import dev.convoy.models.engine.backend.DeviceMemory;
import dev.convoy.models.engine.ir.External.Buffer;
import dev.convoy.models.engine.ir.Operation;
import dev.convoy.models.engine.ir.Program;
import dev.convoy.models.engine.passes.HoistPreparation;
import java.util.ArrayList;
import java.util.List;

/** What one batch size and mode needs to run. */
final class Plan implements AutoCloseable {
  private static final long NEVER = -1;

  private final List<CompiledProgram> programs = new ArrayList<>();
  private final DeviceMemory prepared;
  private final DeviceMemory losses;
  private final int batch;
  private final int outputs;
  private final float[] lossOfExamples;
  private long preparedVersion = NEVER;

  private Plan(Backend backend, int batch, Program main, long preparedBytes) {
    this.batch = batch;
    this.outputs = outputs(main);
    this.lossOfExamples = new float[batch];
    this.prepared = backend.allocate(Math.max(preparedBytes, 1));
    try {
      this.losses = backend.allocate((long) Math.max(outputs, 1) * batch * Float.BYTES);
    } catch (RuntimeException | Error e) {
      prepared.close();
      throw e;
    }
  }

  static Plan training(PlanCompiler compiler, Backend backend, int batch, Program program) {
    return new Plan(backend, batch, program, 0).with(compiler, program);
  }

  static Plan inference(
      PlanCompiler compiler, Backend backend, int batch, HoistPreparation.Split split) {
    return new Plan(backend, batch, split.main(), split.preparedBytes())
        .with(compiler, split.main(), split.preparation());
  }

  private Plan with(PlanCompiler compiler, Program... compiled) {
    try {
      for (Program program : compiled) {
        programs.add(compiler.compile(program));
      }
      return this;
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private static int outputs(Program program) {
    return (int)
        program.externals().values().stream()
            .filter(place -> place.buffer() == Buffer.LOSSES)
            .count();
  }

  MemoryNeed memory() {
    long arena = programs.stream().mapToLong(CompiledProgram::arenaBytes).max().orElse(0);
    long scratch = programs.stream().mapToLong(p -> p.executable().scratchBytes()).max().orElse(0);
    return new MemoryNeed(arena, scratch, prepared.bytes() + losses.bytes());
  }

  void place(DeviceMemory arena, DeviceMemory scratch) {
    programs.forEach(program -> program.executable().place(arena, scratch));
  }

  /** Runs a training plan; the sum of the losses. */
  double gradient(Bindings bindings, long seed) {
    bindLosses(bindings);
    programs.get(0).executable().run(bindings, seed);
    return sumOfLosses();
  }

  /** Runs a plan that has no losses. */
  void run(Bindings bindings) {
    programs.get(0).executable().run(bindings, 0);
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
    bindings.bind(Buffer.PREPARED, prepared.address());
    if (preparedVersion != version) {
      programs.get(1).executable().run(bindings, 0);
      preparedVersion = version;
    }
    programs.get(0).executable().run(bindings, 0);
  }

  /** The main program with the nanoseconds of each of its operations in one run. */
  List<OperationTime> profile(Bindings bindings, long seed) {
    bindLosses(bindings);
    bindings.bind(Buffer.PREPARED, prepared.address());
    long[] times = programs.get(0).executable().profile(bindings, seed);
    List<Operation> operations = programs.get(0).program().operations();
    List<OperationTime> profile = new ArrayList<>();
    for (int i = 0; i < times.length; i++) {
      profile.add(new OperationTime(operations.get(i), times[i]));
    }
    return profile;
  }

  @Override
  public void close() {
    programs.forEach(program -> program.executable().close());
    prepared.close();
    losses.close();
  }
}
