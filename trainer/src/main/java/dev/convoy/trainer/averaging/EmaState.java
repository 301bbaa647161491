package dev.convoy.trainer.averaging;

import java.util.Arrays;

/**
 * The moving average of the weights as a round left it.
 *
 * @param parameters averaged parameters and running statistics, in the network's flat order; of
 *     length 0 where no average is kept
 */
// Millions of numbers; equality is by content, below.
public record EmaState(float[] parameters) {

  /** Where no average is kept. */
  public static final EmaState NONE = new EmaState(new float[0]);

  /** Whether no average is kept. */
  public boolean isEmpty() {
    return parameters.length == 0;
  }

  boolean isFinite() {
    return Float32Vector.areFinite(parameters);
  }

  /** Equal bits. */
  @Override
  public boolean equals(Object other) {
    return other instanceof EmaState that && Arrays.equals(parameters, that.parameters);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(parameters);
  }

  @Override
  public String toString() {
    return "EmaState[" + parameters.length + " parameters]";
  }
}
