package dev.convoy.trainer.averaging;

import java.util.Arrays;

/**
 * What a strategy remembers from one round to the next.
 *
 * @param momentum the outer momentum of each parameter, in the network's flat order, 0 at running
 *     statistics; of length 0 for a strategy that remembers nothing
 */
// Millions of numbers; equality is by content, below.
public record OuterState(float[] momentum) {

  /** Of a strategy that remembers nothing. */
  public static final OuterState NONE = new OuterState(new float[0]);

  /** Whether there is nothing to remember. */
  public boolean isEmpty() {
    return momentum.length == 0;
  }

  boolean isFinite() {
    return Float32Vector.areFinite(momentum);
  }

  /** Equal bits. */
  @Override
  public boolean equals(Object other) {
    return other instanceof OuterState that && Arrays.equals(momentum, that.momentum);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(momentum);
  }

  @Override
  public String toString() {
    return "OuterState[" + momentum.length + " momenta]";
  }
}
