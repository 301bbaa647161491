package dev.convoy.models.engine;

import dev.convoy.models.engine.backend.Backend;
import dev.convoy.models.engine.backend.Bindings;
import dev.convoy.models.engine.backend.DeviceMemory;
import dev.convoy.models.engine.ir.External.Buffer;
import dev.convoy.models.engine.ir.Program;
import dev.convoy.models.engine.passes.HoistPreparation;

/**
 * The parameters in the form in which kernels of predictions read them: about as large as
 * themselves, so that plans whose kernels want the same share it.
 */
final class PreparedParameters implements AutoCloseable {
  private static final long NEVER = -1;

  private final CompiledProgram preparation;
  private final DeviceMemory memory;
  private long version = NEVER;

  PreparedParameters(PlanCompiler compiler, Backend backend, HoistPreparation.Split split) {
    memory = backend.allocate(Math.max(split.preparedBytes(), 1));
    try {
      preparation = compiler.compile(split.preparation());
    } catch (RuntimeException | Error e) {
      memory.close();
      throw e;
    }
  }

  /** Whether it holds what a program would prepare. */
  boolean isMadeBy(Program other) {
    return preparation.program().equals(other);
  }

  /** What prepares them. */
  CompiledProgram preparation() {
    return preparation;
  }

  long bytes() {
    return memory.bytes();
  }

  /** Has a plan read them, prepared anew if the parameters have changed since. */
  void bind(Bindings bindings, long parametersVersion) {
    bind(bindings);
    if (version != parametersVersion) {
      preparation.executable().run(bindings, 0);
      version = parametersVersion;
    }
  }

  /** Has a plan read them as they are. */
  void bind(Bindings bindings) {
    bindings.bind(Buffer.PREPARED, memory.address());
  }

  @Override
  public void close() {
    preparation.executable().close();
    memory.close();
  }
}
