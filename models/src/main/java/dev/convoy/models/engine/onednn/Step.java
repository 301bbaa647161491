package dev.convoy.models.engine.onednn;

/** One prepared call: of a primitive or of a loop in Java. */
interface Step {
  /**
   * Executes it.
   *
   * @param seed the run's
   */
  void run(long seed);
}
