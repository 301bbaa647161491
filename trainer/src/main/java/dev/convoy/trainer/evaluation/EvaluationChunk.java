package dev.convoy.trainer.evaluation;

import java.io.Serializable;

/**
 * The examples of one evaluation task.
 *
 * @param index of the chunk among all
 * @param shard index of the shard
 * @param from first row
 * @param to the row after the last one
 */
record EvaluationChunk(int index, int shard, int from, int to) implements Serializable {

  /** Rows of a chunk; fixed, so that sums do not depend on the cluster. */
  static final int ROWS = 1000;
}
