package dev.convoy.trainer.config;

/** What happens when numbers of a worker are no longer finite. */
public enum DivergencePolicy {
  /** The run ends; the state before the round is kept. */
  STOP,
  /**
   * The worker is left out of the round's average and its examples count as skipped; the run ends
   * only if no worker is left.
   */
  SKIP
}
