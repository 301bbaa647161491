package dev.convoy.models.engine.dl4j;

import dev.convoy.models.engine.backend.Backend;
import dev.convoy.models.engine.backend.Bindings;
import dev.convoy.models.engine.backend.DeviceMemory;
import dev.convoy.models.engine.backend.Executable;
import dev.convoy.models.engine.backend.MomentumUpdate;
import dev.convoy.models.engine.backend.OperandTypes;
import dev.convoy.models.engine.backend.ParameterUpdate;
import dev.convoy.models.engine.backend.StoragePlan;
import dev.convoy.models.engine.ir.ElementType;
import dev.convoy.models.engine.ir.External;
import dev.convoy.models.engine.ir.Layout;
import dev.convoy.models.engine.ir.Operation;
import dev.convoy.models.engine.ir.Program;
import dev.convoy.models.engine.ir.TensorType;
import dev.convoy.models.engine.onednn.OneDnnBackend;

/**
 * oneDNN, counting what it runs: how a test sees whether a plan or a stock layer computed. It can
 * be told to fail.
 */
final class CountingBackend implements Backend {
  private final Backend counted;
  private int runs;
  private int steps;
  private int updates;
  private int allocations;
  private int executables;
  private int compiled;
  private long largest = Long.MAX_VALUE;
  private int compilable = Integer.MAX_VALUE;
  private Runnable inRun = () -> {};

  /** On one thread. */
  CountingBackend() {
    this(1);
  }

  CountingBackend(int threads) {
    counted = OneDnnBackend.withThreads(threads);
  }

  /** Programs run so far. */
  int runs() {
    return runs;
  }

  /** Programs run so far that write a gradient. */
  int steps() {
    return steps;
  }

  /** Fused updates of a segment so far. */
  int updates() {
    return updates;
  }

  /** Blocks of memory that are not freed. */
  int allocations() {
    return allocations;
  }

  /** Executables that are not closed. */
  int executables() {
    return executables;
  }

  /** Programs compiled so far. */
  int compiled() {
    return compiled;
  }

  /** From now on there is no memory for larger blocks. */
  void refuseAbove(long bytes) {
    largest = bytes;
  }

  /** After so many programs more nothing compiles. */
  void refuseAfter(int programs) {
    compilable = programs;
  }

  /** Has something done in the middle of each run from now on. */
  void inRun(Runnable action) {
    inRun = action;
  }

  @Override
  public String description() {
    return counted.description();
  }

  @Override
  public int threads() {
    return counted.threads();
  }

  @Override
  public boolean isNative(ElementType element) {
    return counted.isNative(element);
  }

  @Override
  public Layout activationLayout(TensorType type) {
    return counted.activationLayout(type);
  }

  @Override
  public boolean convolves(Layout input, Layout output) {
    return counted.convolves(input, output);
  }

  @Override
  public int channelsPerGroup(ElementType element) {
    return counted.channelsPerGroup(element);
  }

  @Override
  public boolean supports(Operation operation) {
    return counted.supports(operation);
  }

  @Override
  public OperandTypes resolve(Operation operation) {
    return counted.resolve(operation);
  }

  @Override
  public boolean inPlace(Operation operation, int input) {
    return counted.inPlace(operation, input);
  }

  @Override
  public long bytes(TensorType type) {
    return counted.bytes(type);
  }

  @Override
  public DeviceMemory allocate(long bytes) {
    if (bytes > largest) {
      // No OutOfMemoryError, of which DL4J writes a report into the working directory.
      throw new IllegalStateException("the test has no " + bytes + " bytes");
    }
    DeviceMemory memory = counted.allocate(bytes);
    allocations++;
    return new DeviceMemory() {
      @Override
      public long address() {
        return memory.address();
      }

      @Override
      public long bytes() {
        return memory.bytes();
      }

      @Override
      public void read(long offset, float[] into) {
        memory.read(offset, into);
      }

      @Override
      public void write(long offset, float[] from) {
        memory.write(offset, from);
      }

      @Override
      public void close() {
        memory.close();
        allocations--;
      }
    };
  }

  @Override
  public Executable compile(Program program, StoragePlan storage) {
    if (compilable == 0) {
      throw new UnsupportedOperationException("the test compiles nothing");
    }
    compilable--;
    compiled++;
    Executable executable = counted.compile(program, storage);
    executables++;
    boolean step =
        program.externals().values().stream().anyMatch(e -> e.buffer() == External.Buffer.GRADIENT);
    return new Executable() {
      @Override
      public long scratchBytes() {
        return executable.scratchBytes();
      }

      @Override
      public void place(DeviceMemory arena, DeviceMemory scratch) {
        executable.place(arena, scratch);
      }

      @Override
      public void run(Bindings bindings, long dropoutSeed) {
        runs++;
        steps += step ? 1 : 0;
        inRun.run();
        executable.run(bindings, dropoutSeed);
      }

      @Override
      public long[] profile(Bindings bindings, long dropoutSeed) {
        return executable.profile(bindings, dropoutSeed);
      }

      @Override
      public void close() {
        executable.close();
        executables--;
      }
    };
  }

  @Override
  public void add(long sum, long summand, long elements) {
    counted.add(sum, summand, elements);
  }

  @Override
  public ParameterUpdate update(MomentumUpdate update) {
    ParameterUpdate counting = counted.update(update);
    return (parameters, gradient, momentum, batch, rate) -> {
      updates++;
      counting.run(parameters, gradient, momentum, batch, rate);
    };
  }
}
