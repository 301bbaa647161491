package dev.convoy.data.plan;

import java.io.Serializable;

/**
 * What decides, together with the dataset and the epoch, which example goes where.
 *
 * @param workers logical workers W
 * @param batch most examples per worker and step
 * @param shuffle the order of an epoch, already resolved (not AUTO)
 * @param seed the experiment's seed
 */
public record PlanSettings(int workers, int batch, Shuffle shuffle, long seed)
    implements Serializable {

  /** Checks the ranges. */
  public PlanSettings {
    if (workers < 1) {
      throw new IllegalArgumentException("workers is " + workers + "; at least 1 is needed");
    }
    if (batch < 1) {
      throw new IllegalArgumentException("batch is " + batch + "; at least 1 is needed");
    }
    if (shuffle.kind() == Shuffle.Kind.AUTO) {
      throw new IllegalArgumentException("the shuffle must be resolved before planning");
    }
  }
}
