package dev.convoy.trainer.dl4j;

import dev.convoy.trainer.averaging.WeightedMerge;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

/**
 * Merges the workers' parts of one slice, by their shares of the round's examples.
 *
 * @param shares of all workers, in their order, adding up to 1; those without a batch come last and
 *     have 0
 * @param forms what each deviation is
 */
record PartMerge(double[] shares, DeviationForm[] forms) implements Serializable {

  /** Workers whose parts are due; they are the first ones. */
  int workersWithBatches() {
    return (int) Arrays.stream(shares).filter(share -> share > 0).count();
  }

  /**
   * The average of one slice.
   *
   * @param parts one of each worker with a positive share, in the order of the workers
   */
  ReplicaParts merge(List<ReplicaParts> parts) {
    double[] used = Arrays.copyOf(shares, parts.size());
    List<float[]> means = parts.stream().map(ReplicaParts::means).toList();
    return new ReplicaParts(
        WeightedMerge.mean(parts.stream().map(ReplicaParts::linear).toList(), used),
        WeightedMerge.mean(means, used),
        deviations(parts, means, used));
  }

  private float[] deviations(List<ReplicaParts> parts, List<float[]> means, double[] used) {
    List<float[]> variances = parts.stream().map(part -> variances(part.deviations())).toList();
    float[] merged = WeightedMerge.variance(means, variances, used);
    for (int i = 0; i < merged.length; i++) {
      // Where all agree there is nothing to merge, and a logarithm there and back would not be
      // exact: one worker alone, a frozen layer.
      merged[i] = agree(parts, i) ? parts.get(0).deviations()[i] : forms[i].ofVariance(merged[i]);
    }
    return merged;
  }

  private float[] variances(float[] deviations) {
    float[] variances = new float[deviations.length];
    for (int i = 0; i < variances.length; i++) {
      variances[i] = forms[i].toVariance(deviations[i]);
    }
    return variances;
  }

  private static boolean agree(List<ReplicaParts> parts, int i) {
    ReplicaParts first = parts.get(0);
    return parts.stream()
        .allMatch(
            part ->
                part.means()[i] == first.means()[i]
                    && part.deviations()[i] == first.deviations()[i]);
  }
}
