package dev.convoy.trainer.dl4j;

import java.io.Serializable;

/**
 * A graph's state, or a slice of it, as averaging sees it.
 *
 * @param linear what is averaged element by element: parameters and all of the updater's state
 * @param means running means of the batch norms, one a channel
 * @param deviations beside them the running variances, or log10 of the standard deviations, as the
 *     layer keeps them
 */
record ReplicaParts(float[] linear, float[] means, float[] deviations) implements Serializable {

  ReplicaParts {
    if (means.length != deviations.length) {
      throw new IllegalArgumentException(
          "%d means with %d deviations; each mean needs one"
              .formatted(means.length, deviations.length));
    }
  }
}
