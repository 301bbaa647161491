package dev.convoy.models.engine.ir;

/**
 * An elementwise function.
 *
 * @param alpha the slope below 0 of LEAKY_RELU, the scale of ELU, the upper bound of CLIPPED_RELU;
 *     0 for the others
 */
public record Activation(Function function, double alpha) {
  public static final Activation IDENTITY = new Activation(Function.IDENTITY, 0);
  public static final Activation RELU = new Activation(Function.RELU, 0);

  /** The functions, with what they are for x. */
  public enum Function {
    /** x */
    IDENTITY,
    /** max(x, 0) */
    RELU,
    /** x where x > 0, alpha x elsewhere */
    LEAKY_RELU,
    /** min(max(x, 0), alpha) */
    CLIPPED_RELU,
    /** x where x > 0, alpha (e^x - 1) elsewhere */
    ELU,
    /** tanh(x) */
    TANH,
    /** 1 / (1 + e^-x) */
    SIGMOID,
    /** ln(1 + e^x) */
    SOFTPLUS,
    /** x sigmoid(x) */
    SWISH,
    /** x Phi(x), Phi by the error function */
    GELU
  }

  /** What an activation's derivative is computed from. */
  public enum BackwardFrom {
    INPUT,
    OUTPUT
  }

  public static Activation of(Function function) {
    return new Activation(function, 0);
  }

  public boolean isIdentity() {
    return function == Function.IDENTITY;
  }

  /** OUTPUT where that suffices, so that the input need not be kept. */
  public BackwardFrom backwardFrom() {
    return switch (function) {
      case IDENTITY, RELU, LEAKY_RELU, ELU, TANH, SIGMOID -> BackwardFrom.OUTPUT;
      case CLIPPED_RELU, SOFTPLUS, SWISH, GELU -> BackwardFrom.INPUT;
    };
  }
}
