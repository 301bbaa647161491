package dev.convoy.trainer.averaging;

import java.io.Serializable;
import java.util.function.Supplier;

/** A vector in the form in which it travels, ready to be added up in float64. */
public sealed interface WireVector extends Serializable permits Float32Vector, Bfloat16Differences {

  /** Number of elements. */
  int length();

  /** The elements {@code from} to {@code to - 1}, copied. */
  WireVector range(int from, int to);

  /** Whether it has neither NaN nor an infinity. */
  boolean isFinite();

  /**
   * Where a sum of such vectors begins.
   *
   * @param start the same elements of the state from which all workers started; asked for only
   *     where it is needed
   */
  double[] origin(Supplier<float[]> start);

  /** Adds {@code share} times this vector. */
  void addTo(double[] sum, double share);
}
