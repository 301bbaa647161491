package dev.convoy.trainer.round;

import java.io.Serializable;

/**
 * One round: which steps of which epoch.
 *
 * @param round counted over the whole run, from 0
 * @param epoch from 0
 * @param firstStep of the epoch
 * @param learningRates one a step; their number is the number of steps
 */
public record RoundSpec(long round, int epoch, int firstStep, double[] learningRates)
    implements Serializable {

  /** Steps that each worker makes. */
  public int steps() {
    return learningRates.length;
  }

  /** Mean learning rate of the steps. */
  public double meanLearningRate() {
    double sum = 0;
    for (double rate : learningRates) {
      sum += rate;
    }
    return sum / learningRates.length;
  }

  /** The step after the last one. */
  public int endStep() {
    return firstStep + learningRates.length;
  }
}
