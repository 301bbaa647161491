package dev.convoy.models.engine.backend;

import dev.convoy.models.engine.ir.ElementType;
import dev.convoy.models.engine.ir.Layout;
import dev.convoy.models.engine.ir.Operation;
import dev.convoy.models.engine.ir.Program;
import dev.convoy.models.engine.ir.TensorType;

/**
 * A library that computes programs on one device, with a fixed number of threads. Stateless but for
 * caches that no result depends on; safe for several threads.
 */
public interface Backend {

  /** Library, version and instruction set: what, with the threads, fixes the bits. */
  String description();

  /** Threads that one operation uses. */
  int threads();

  /** Whether the device computes on such elements natively, so that they are worth it. */
  boolean isNative(ElementType element);

  /**
   * The layout that suits an activation of that type best.
   *
   * @param type an image, {@code [batch, channels, height, width]}; its layout is not looked at
   */
  Layout activationLayout(TensorType type);

  /**
   * Whether a convolution is fast whose input and output have these layouts. Where it is not, both
   * are CHANNELS_LAST.
   */
  boolean convolves(Layout input, Layout output);

  /**
   * How many channels a group of a convolution should have at least. Thinner groups are slow;
   * several are better computed as one, with zeros between them.
   */
  int channelsPerGroup(ElementType element);

  /** Whether this operation can be computed; operands with layout ANY are as the backend likes. */
  boolean supports(Operation operation);

  /**
   * The layouts that the operation's operands should have: those of ANY are replaced, the others
   * stay.
   *
   * @throws UnsupportedOperationException if {@link #supports} is false
   */
  OperandTypes resolve(Operation operation);

  /** Whether the operation's first output may lie where that input lies. */
  boolean inPlace(Operation operation, int input);

  /** What a tensor of this type occupies, its layout's filling included. */
  long bytes(TensorType type);

  /** Memory of the device, zeroed, aligned for this backend. */
  DeviceMemory allocate(long bytes);

  /** Prepares a program whose layouts are all resolved, with its values at the given places. */
  Executable compile(Program program, StoragePlan storage);

  /**
   * Adds one float32 vector of the device to another one, element by element, rounded once.
   *
   * @param sum address of what is added to
   * @param summand address of what is added
   */
  void add(long sum, long summand, long elements);

  /** The optimiser's pass over all parameters. */
  ParameterUpdate update(MomentumUpdate update);
}
