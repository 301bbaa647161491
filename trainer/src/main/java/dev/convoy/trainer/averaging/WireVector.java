package dev.convoy.trainer.averaging;

import java.io.IOException;
import java.io.OutputStream;

/** A vector in the form in which it travels, ready to be added up in float64. */
public sealed interface WireVector permits Float32Vector, Bfloat16Differences {

  /** Number of elements. */
  int length();

  /** Whether a sum of such vectors begins at the state from which all workers started. */
  boolean needsStart();

  /**
   * Adds {@code share} times some elements.
   *
   * @param from the first of them
   * @param count how many
   * @param sum its first {@code count} elements are added to
   */
  void addTo(double[] sum, double share, int from, int count);

  /** Writes the elements, little-endian. */
  void writeTo(OutputStream out) throws IOException;
}
