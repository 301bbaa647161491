package dev.convoy.trainer.round;

import dev.convoy.trainer.averaging.EndState;
import dev.convoy.trainer.averaging.Slicing;

/** One slice of a worker's result, on its way through the shuffle. */
sealed interface SliceResult permits WorkerResult, SliceResult.Uncut {

  /**
   * A slice that is cut out when it is written; until then all of a worker's share one state.
   *
   * @param report the worker's, which goes with slice 0
   * @param state in which the worker ended
   */
  record Uncut(WorkerReport report, EndState state, Slicing slicing, int slice)
      implements SliceResult {}
}
