package dev.convoy.trainer.recalibration;

import java.io.Serializable;

/**
 * The batches of one task.
 *
 * @param index of the chunk among all
 * @param worker whose batches
 * @param firstStep of these
 * @param endStep the step after the last one
 */
record StatisticsChunk(int index, int worker, int firstStep, int endStep) implements Serializable {

  /** Steps of a chunk; fixed, so that sums do not depend on the cluster. */
  static final int STEPS = 16;
}
