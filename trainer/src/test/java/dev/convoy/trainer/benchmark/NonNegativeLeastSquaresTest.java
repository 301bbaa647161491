package dev.convoy.trainer.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

final class NonNegativeLeastSquaresTest {

  @Test
  void whatIsExactIsFound() {
    double[][] rows = {{1, 2, 0}, {1, 4, 1e6}, {1, 8, 3e6}, {1, 16, 2e6}, {1, 1, 5e6}};
    double[] truth = {3, 0.5, 2e-7};
    assertThat(NonNegativeLeastSquares.solve(rows, values(rows, truth)))
        .containsExactly(truth, within(1e-9));
  }

  @Test
  void coefficientThatWouldBeNegativeIsZeroAndTheOthersAreFittedWithoutIt() {
    // Ordinary least squares gives y = 5 - x.
    double[][] rows = {{1, 1}, {1, 2}, {1, 3}};
    assertThat(NonNegativeLeastSquares.solve(rows, new double[] {4, 3, 2}))
        .containsExactly(new double[] {3, 0}, within(1e-9));
  }

  @Test
  void noCoefficientIsUsedWhereAllWouldBeNegative() {
    assertThat(NonNegativeLeastSquares.solve(new double[][] {{1}, {2}}, new double[] {-1, -2}))
        .containsExactly(0);
  }

  @Test
  void columnsThatSayTheSameAreUsedOnce() {
    double[][] rows = {{1, 2, 4}, {1, 3, 6}, {1, 5, 10}};
    double[] found = NonNegativeLeastSquares.solve(rows, new double[] {5, 7, 11});
    assertThat(found).containsExactly(new double[] {1, 2, 0}, within(1e-9));
  }

  @Test
  void fewerRowsThanColumnsAreFitted() {
    double[][] rows = {{1, 2, 0, 5}, {1, 4, 1, 7}};
    double[] values = {4, 6};
    double[] found = NonNegativeLeastSquares.solve(rows, values);
    assertThat(values(rows, found)).containsExactly(values, within(1e-9));
  }

  /** The optimum's own conditions (Karush, Kuhn and Tucker), on many random problems. */
  @Test
  void nothingNonNegativeIsNearer() {
    Random random = new Random(3);
    for (int problem = 0; problem < 200; problem++) {
      double[][] rows = new double[8][4];
      double[] values = new double[8];
      for (int i = 0; i < rows.length; i++) {
        for (int c = 0; c < 4; c++) {
          rows[i][c] = random.nextGaussian();
        }
        values[i] = random.nextGaussian();
      }
      double[] found = NonNegativeLeastSquares.solve(rows, values);
      double[] fitted = values(rows, found);
      for (int c = 0; c < 4; c++) {
        double gradient = 0;
        for (int i = 0; i < rows.length; i++) {
          gradient += rows[i][c] * (fitted[i] - values[i]);
        }
        assertThat(found[c]).isNotNegative();
        if (found[c] > 0) {
          assertThat(gradient).isCloseTo(0, within(1e-9));
        } else {
          assertThat(gradient).isGreaterThan(-1e-9);
        }
      }
    }
  }

  @Test
  void moreColumnsThanCanBeTriedAreRefused() {
    assertThatThrownBy(() -> NonNegativeLeastSquares.solve(new double[1][17], new double[] {1}))
        .hasMessageContaining("at most 16");
  }

  private static double[] values(double[][] rows, double[] coefficients) {
    double[] values = new double[rows.length];
    for (int i = 0; i < rows.length; i++) {
      for (int c = 0; c < coefficients.length; c++) {
        values[i] += rows[i][c] * coefficients[c];
      }
    }
    return values;
  }
}
