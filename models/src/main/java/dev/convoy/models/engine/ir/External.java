package dev.convoy.models.engine.ir;

/**
 * Memory outside the plan that a value is a part of.
 *
 * @param buffer which memory
 * @param index which of several: the input, the output or the output's labels
 * @param offset in elements from its beginning
 */
public record External(Buffer buffer, int index, long offset) {
  /** What the caller of a plan gives and takes. */
  public enum Buffer {
    /** The network's input. */
    IMAGES,
    /** For each output {@code [batch, classes]} float32: the wanted probabilities. */
    LABELS,
    /** The flat float32 vector of parameters and running statistics. */
    PARAMETERS,
    /** As long as PARAMETERS; gradients summed over the batch. */
    GRADIENT,
    /**
     * As long as PARAMETERS: what the update remembers of the steps before. No program reads it.
     */
    MOMENTUM,
    /** For each output {@code [batch, classes]} float32. */
    PREDICTIONS,
    /** For each output {@code [batch]} float32: the loss of each example, weighted. */
    LOSSES,
    /** What was computed beforehand from the parameters alone. */
    PREPARED
  }

  /** The only one of its kind. */
  public static External of(Buffer buffer) {
    return new External(buffer, 0, 0);
  }

  /** A part of a flat vector, beginning at an element. */
  public static External at(Buffer buffer, long offset) {
    return new External(buffer, 0, offset);
  }

  /** The buffer of one of several outputs. */
  public static External ofOutput(Buffer buffer, int output) {
    return new External(buffer, output, 0);
  }
}
