package dev.convoy.models.engine;

import dev.convoy.models.engine.ir.Operation;
import dev.convoy.models.engine.ir.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Copies of boxes between row-major tensors. */
final class Boxes {
  private Boxes() {}

  /** The box of a size at {@code from} in x to the beginning of y. */
  static void copy(double[] x, Shape in, List<Integer> from, double[] y, Shape out, Shape box) {
    move(x, in, from, y, out, Collections.nCopies(out.rank(), 0), box);
  }

  /** All of x to a place in y. */
  static void paste(double[] x, Shape in, double[] y, Shape out, List<Integer> to) {
    move(x, in, Collections.nCopies(in.rank(), 0), y, out, to, in);
  }

  static void concat(Operation operation, double[][] in, double[] y, int axis) {
    Shape out = operation.output(0).shape();
    List<Integer> to = new ArrayList<>(Collections.nCopies(out.rank(), 0));
    for (int i = 0; i < in.length; i++) {
      Shape part = operation.input(i).shape();
      paste(in[i], part, y, out, to);
      to.set(axis, to.get(axis) + part.get(axis));
    }
  }

  private static void move(
      double[] x,
      Shape in,
      List<Integer> from,
      double[] y,
      Shape out,
      List<Integer> to,
      Shape box) {
    int[] at = new int[box.rank()];
    for (long n = 0; n < box.elements(); n++) {
      long rest = n;
      for (int d = box.rank() - 1; d >= 0; d--) {
        at[d] = (int) (rest % box.get(d));
        rest /= box.get(d);
      }
      y[index(out, to, at)] = x[index(in, from, at)];
    }
  }

  private static int index(Shape shape, List<Integer> origin, int[] at) {
    int index = 0;
    for (int d = 0; d < at.length; d++) {
      index = index * shape.get(d) + origin.get(d) + at[d];
    }
    return index;
  }
}
