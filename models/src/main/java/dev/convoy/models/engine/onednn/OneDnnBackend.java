package dev.convoy.models.engine.onednn;

import dev.convoy.models.engine.backend.Backend;
import dev.convoy.models.engine.backend.DeviceMemory;
import dev.convoy.models.engine.backend.Executable;
import dev.convoy.models.engine.backend.MomentumUpdate;
import dev.convoy.models.engine.backend.OperandTypes;
import dev.convoy.models.engine.backend.ParameterUpdate;
import dev.convoy.models.engine.backend.StoragePlan;
import dev.convoy.models.engine.ir.ElementType;
import dev.convoy.models.engine.ir.Layout;
import dev.convoy.models.engine.ir.Op;
import dev.convoy.models.engine.ir.Operation;
import dev.convoy.models.engine.ir.Program;
import dev.convoy.models.engine.ir.TensorType;
import dev.convoy.models.engine.ir.Value;
import java.util.List;

/**
 * The processor, through oneDNN. Operations without a primitive are loops in Java; the bits depend
 * on {@link #description} and {@link #threads} only.
 */
public final class OneDnnBackend implements Backend {
  private final int threads;
  private final InstructionSet instructions = InstructionSet.effective();
  private final Descriptors descriptors = new Descriptors(instructions);
  private final ResolutionCache resolutions = new ResolutionCache(new Resolution(descriptors));

  private OneDnnBackend(int threads) {
    this.threads = threads;
  }

  /**
   * A backend whose operations use so many threads each.
   *
   * @param threads 1 or more; the physical cores that an executable may have
   * @throws IllegalArgumentException if OMP_THREAD_LIMIT leaves this process fewer
   */
  public static OneDnnBackend withThreads(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads is " + threads + "; it has to be 1 or more");
    }
    OpenMp.require(threads);
    return new OneDnnBackend(threads);
  }

  @Override
  public String description() {
    return CpuEngine.version() + " " + instructions;
  }

  @Override
  public int threads() {
    return threads;
  }

  @Override
  public boolean isNative(ElementType element) {
    return instructions.isNative(element);
  }

  @Override
  public Layout activationLayout(TensorType type) {
    return instructions.activationLayout(type);
  }

  @Override
  public boolean convolves(Layout input, Layout output) {
    return instructions.convolves(input, output);
  }

  @Override
  public int channelsPerGroup(ElementType element) {
    return instructions.channelsPerGroup(element);
  }

  @Override
  public boolean supports(Operation operation) {
    return OpenMp.with(threads, () -> resolutions.supports(operation.op(), types(operation)));
  }

  @Override
  public OperandTypes resolve(Operation operation) {
    return OpenMp.with(threads, () -> resolutions.resolve(operation.op(), types(operation)));
  }

  static OperandTypes types(Operation operation) {
    return new OperandTypes(types(operation.inputs()), types(operation.outputs()));
  }

  private static List<TensorType> types(List<Value> values) {
    return values.stream().map(Value::type).toList();
  }

  @Override
  public boolean inPlace(Operation operation, int input) {
    return operation.input(input).type().equals(operation.output(0).type())
        && mayOverwrite(operation.op(), input);
  }

  private static boolean mayOverwrite(Op op, int input) {
    if (op instanceof Op.Convolution convolution) {
      int addend = convolution.bias() == Op.Bias.PRESENT ? 3 : 2;
      return input == addend;
    } else if (op instanceof Op.ConvolutionBackwardData) {
      return input == 2;
    } else if (op instanceof Op.ActivateBackward) {
      return input == 1;
    } else if (op instanceof Op.BatchNormBackward) {
      return input == 4;
    } else if (op instanceof Op.Add || op instanceof Op.Multiply) {
      return true;
    }
    return input == 0
        && (op instanceof Op.Activate
            || op instanceof Op.BatchNorm
            || op instanceof Op.FixedBatchNorm
            || op instanceof Op.FixedBatchNormBackward
            || op instanceof Op.Softmax
            || op instanceof Op.Reshape);
  }

  @Override
  public long bytes(TensorType type) {
    return descriptors.bytes(type);
  }

  @Override
  public DeviceMemory allocate(long bytes) {
    return new HostMemory(bytes);
  }

  @Override
  public Executable compile(Program program, StoragePlan storage) {
    return OpenMp.with(
        threads, () -> new Compiler(descriptors, program, storage, threads).compile());
  }

  @Override
  public void add(long sum, long summand, long elements) {
    new VectorAddition().run(sum, summand, elements);
  }

  @Override
  public ParameterUpdate update(MomentumUpdate update) {
    return new MomentumPass(update, threads);
  }
}
