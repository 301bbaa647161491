package dev.convoy.trainer.benchmark;

import java.io.IOException;
import java.util.List;

/** Parameter averaging on Spark whose rounds can be timed. */
public interface AveragedRounds {

  /** The name on the command line and in results. */
  String name();

  /** The words for the form in which a worker's result travels. */
  String wire();

  /**
   * Runs the rounds of a case.
   *
   * @return those after the warm-up, at least one
   */
  List<TimedRound> run(RoundCase measured) throws IOException;
}
