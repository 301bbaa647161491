package dev.convoy.trainer.averaging;

import java.util.Arrays;
import java.util.List;

/**
 * The two ways in which workers' vectors become one. Both sum in float64 in the order of the
 * workers and round once to float32, so the result does not depend on where or when the summands
 * were computed; a single worker is returned as it is.
 */
public final class WeightedMerge {

  /** Where a sum begins: what addition leaves unchanged, even where the summand is -0.0. */
  static final double NOTHING = -0.0;

  private WeightedMerge() {}

  /**
   * Each worker's share of the examples, {@code p_k = n_k / sum n}.
   *
   * @param examples examples that each worker used; at least one must be positive
   */
  public static double[] shares(int[] examples) {
    long total = 0;
    for (int n : examples) {
      total += n;
    }
    if (total == 0) {
      throw new IllegalArgumentException("no worker used an example; there is nothing to average");
    }
    double[] shares = new double[examples.length];
    for (int k = 0; k < shares.length; k++) {
      shares[k] = (double) examples[k] / total;
    }
    return shares;
  }

  /**
   * The weighted mean {@code sum_k p_k v_k}, element by element.
   *
   * @param vectors one a worker, in the order of the workers, all of one length
   * @param shares the workers' shares, adding up to 1
   */
  public static float[] mean(List<float[]> vectors, double[] shares) {
    return rounded(sum(vectors, shares));
  }

  /**
   * The variances of the joined examples by the law of total variance, {@code var = sum_k p_k
   * (var_k + (mean_k - mean)^2)} with {@code mean = sum_k p_k mean_k}.
   *
   * @param means one vector a worker, in the order of the workers
   * @param variances beside them
   * @param shares the workers' shares, adding up to 1
   */
  public static float[] variance(List<float[]> means, List<float[]> variances, double[] shares) {
    double[] mean = sum(means, shares);
    double[] sum = new double[mean.length];
    for (int k = 0; k < shares.length; k++) {
      if (shares[k] == 0) {
        continue;
      }
      float[] workerMean = means.get(k);
      float[] workerVariance = variances.get(k);
      for (int i = 0; i < sum.length; i++) {
        double shift = workerMean[i] - mean[i];
        sum[i] += shares[k] * (workerVariance[i] + shift * shift);
      }
    }
    return rounded(sum);
  }

  private static double[] sum(List<float[]> vectors, double[] shares) {
    double[] sum = nothing(vectors.get(0).length);
    for (int k = 0; k < shares.length; k++) {
      if (shares[k] == 0) {
        continue; // a worker without examples still holds the round's start
      }
      add(vectors.get(k), shares[k], sum);
    }
    return sum;
  }

  private static double[] nothing(int length) {
    double[] sum = new double[length];
    Arrays.fill(sum, NOTHING);
    return sum;
  }

  /** Adds {@code share} times a vector. */
  private static void add(float[] vector, double share, double[] sum) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += share * vector[i];
    }
  }

  /** A sum in float32. */
  private static float[] rounded(double[] sum) {
    float[] rounded = new float[sum.length];
    for (int i = 0; i < rounded.length; i++) {
      rounded[i] = (float) sum[i];
    }
    return rounded;
  }
}
