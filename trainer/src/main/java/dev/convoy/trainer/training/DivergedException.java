package dev.convoy.trainer.training;

import dev.convoy.trainer.round.RoundSpec;
import dev.convoy.trainer.round.WorkerReport;

/** A loss or a state that is no number. The state before the round is the last good one. */
public final class DivergedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  DivergedException(RoundSpec spec, WorkerReport report) {
    super(
        ("the loss of worker %d in round %d (epoch %d), or a parameter, was not finite at the batch %s; the state before"
                + " this round is kept. A lower learning_rate or a warm-up usually helps; look at these"
                + " images, too. on_divergence: skip leaves such a worker out as long as another is left")
            .formatted(report.worker(), spec.round(), spec.epoch(), report.divergedAt()));
  }

  DivergedException(RoundSpec spec) {
    super(
        ("what the workers of round %d (epoch %d) gave together was not finite, though each of them was; the"
                + " state before this round is kept. A lower learning_rate or a warm-up usually helps")
            .formatted(spec.round(), spec.epoch()));
  }
}
