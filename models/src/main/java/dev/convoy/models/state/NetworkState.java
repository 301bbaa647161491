package dev.convoy.models.state;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Everything that training changes in one network, in DL4J's flat order. The arrays are held as
 * given, not copied; whoever has given them away must not change them.
 *
 * @param parameters weights, biases, batch-norm scales, shifts and running statistics
 * @param momentum the optimiser's delta of each parameter, 0 at statistics; same length
 */
// Millions of numbers; equality is by content, below.
public record NetworkState(float[] parameters, float[] momentum) implements Serializable {

  public NetworkState {
    if (parameters.length != momentum.length) {
      throw new IllegalArgumentException(
          parameters.length + " parameters, but momentum of length " + momentum.length);
    }
  }

  /** A state at rest: momentum 0. */
  public static NetworkState atRest(float[] parameters) {
    return new NetworkState(parameters, new float[parameters.length]);
  }

  /** Whether the momentum is 0 everywhere, not -0 anywhere. */
  public boolean isAtRest() {
    for (float value : momentum) {
      if (Float.floatToRawIntBits(value) != 0) {
        return false;
      }
    }
    return true;
  }

  /** Whether it has neither NaN nor an infinity. */
  public boolean isFinite() {
    return isFinite(parameters) && isFinite(momentum);
  }

  private static boolean isFinite(float[] values) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        return false;
      }
    }
    return true;
  }

  /** Equal bits: a NaN equals itself, 0.0 does not equal -0.0. */
  @Override
  public boolean equals(Object other) {
    return other instanceof NetworkState that
        && Arrays.equals(parameters, that.parameters)
        && Arrays.equals(momentum, that.momentum);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(parameters) + Arrays.hashCode(momentum);
  }

  @Override
  public String toString() {
    return "NetworkState[" + parameters.length + " parameters]";
  }
}
