package dev.convoy.trainer.training;

import dev.convoy.trainer.Position;
import dev.convoy.trainer.averaging.TrainingState;
import dev.convoy.trainer.evaluation.Evaluation;
import dev.convoy.trainer.round.RoundOutcome;
import dev.convoy.trainer.round.RoundSpec;
import java.io.IOException;
import java.util.Optional;

/** What happens around the loop, in the order in which listeners were given to it. */
interface TrainingListener {

  /** An epoch begins, or is gone on with after so many of its examples. */
  default void epochStarted(int epoch, int examplesDone, int examples) throws IOException {}

  /** A round is done and its state is the run's. */
  default void roundCompleted(RoundCompleted event) throws IOException {}

  /** The last round of an epoch is done and, where that is due, evaluated. */
  default void epochCompleted(EpochCompleted event) throws IOException {}

  /** The run ends before its last epoch: interrupted, or by a failure. */
  default void stopped(Position position, TrainingState state) throws IOException {}

  /**
   * A round that is done.
   *
   * @param spec what was asked
   * @param outcome what it gave
   * @param position the next round
   * @param state from which the next round starts
   * @param epochExamples examples in the epoch
   * @param epochDone of these, how many are used
   */
  record RoundCompleted(
      RoundSpec spec,
      RoundOutcome outcome,
      Position position,
      TrainingState state,
      int epochExamples,
      int epochDone) {}

  /**
   * An epoch that is done.
   *
   * @param epoch from 0
   * @param position the next round
   * @param state from which the next round starts
   * @param evaluation of that state, where one was due
   */
  record EpochCompleted(
      int epoch, Position position, TrainingState state, Optional<Evaluation> evaluation) {}
}
