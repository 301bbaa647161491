package dev.convoy.trainer.benchmark;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.DecompositionSolver;
import org.apache.commons.math3.linear.QRDecomposition;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.RealVector;

/**
 * Least squares whose coefficients may not be negative (Lawson and Hanson 1974, "Solving Least
 * Squares Problems", chapter 23). The solution is the ordinary one over those columns whose
 * coefficients are positive; with a handful of columns every such set can be tried.
 */
final class NonNegativeLeastSquares {

  /** Columns closer to dependent than this count as dependent. */
  private static final double SINGULAR = 1e-9;

  private static final int MOST_COLUMNS = 16;

  private NonNegativeLeastSquares() {}

  /**
   * Minimises {@code |rows x - values|} over {@code x >= 0}.
   *
   * @param rows of one length, at most 16 columns
   * @param values one a row
   * @return x; of columns that say the same, the first ones are used
   */
  static double[] solve(double[][] rows, double[] values) {
    int columns = rows[0].length;
    if (columns > MOST_COLUMNS) {
      throw new IllegalArgumentException(
          columns + " columns; at most " + MOST_COLUMNS + " can be tried");
    }
    double[] norms = norms(rows, columns);
    RealMatrix matrix = new Array2DRowRealMatrix(rows);
    RealVector target = new ArrayRealVector(values);
    double[] best = new double[columns];
    double least = target.getNorm();
    for (int set = 1; set < (1 << columns); set++) {
      int[] chosen = chosen(set, columns);
      if (chosen.length > rows.length || Arrays.stream(chosen).anyMatch(c -> norms[c] == 0)) {
        continue;
      }
      RealMatrix part = scaled(matrix, chosen, norms);
      DecompositionSolver solver = new QRDecomposition(part, SINGULAR).getSolver();
      if (!solver.isNonSingular()) {
        continue;
      }
      RealVector solution = solver.solve(target);
      double error = target.subtract(part.operate(solution)).getNorm();
      // The margin keeps what is equal but for rounding with the smaller set.
      if (solution.getMinValue() >= 0 && error < least - 1e-12 * target.getNorm()) {
        least = error;
        best = new double[columns];
        for (int i = 0; i < chosen.length; i++) {
          best[chosen[i]] = solution.getEntry(i) / norms[chosen[i]];
        }
      }
    }
    return best;
  }

  private static int[] chosen(int set, int columns) {
    return IntStream.range(0, columns).filter(c -> ((set >> c) & 1) == 1).toArray();
  }

  private static double[] norms(double[][] rows, int columns) {
    double[] norms = new double[columns];
    for (double[] row : rows) {
      for (int c = 0; c < columns; c++) {
        norms[c] += row[c] * row[c];
      }
    }
    return Arrays.stream(norms).map(Math::sqrt).toArray();
  }

  private static RealMatrix scaled(RealMatrix matrix, int[] chosen, double[] norms) {
    RealMatrix part = new Array2DRowRealMatrix(matrix.getRowDimension(), chosen.length);
    for (int i = 0; i < chosen.length; i++) {
      part.setColumnVector(i, matrix.getColumnVector(chosen[i]).mapDivide(norms[chosen[i]]));
    }
    return part;
  }
}
