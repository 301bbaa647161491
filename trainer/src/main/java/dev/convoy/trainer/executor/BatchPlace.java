package dev.convoy.trainer.executor;

/**
 * Which batch of a run.
 *
 * @param epoch from 0
 * @param step of the epoch, from 0
 * @param worker from 0
 */
public record BatchPlace(int epoch, int step, int worker) {

  /** Whether its step lies before a step of an epoch. */
  boolean isBefore(int otherEpoch, int otherStep) {
    return epoch < otherEpoch || (epoch == otherEpoch && step < otherStep);
  }
}
