package dev.convoy.trainer.schedule;

import dev.convoy.trainer.config.ScheduleConfig;
import java.util.List;

/**
 * How the rate falls, warm-up aside. Every formula counts epochs from the start of the training.
 * Only {@link StrictMath} is used, so that every machine gets the same bits.
 */
final class Decay {
  private final ScheduleConfig config;
  private final double initial;
  private final double epochs;

  /**
   * @param config the kind and its keys
   * @param initial the rate that the kind starts from
   * @param epochs of the whole training
   */
  Decay(ScheduleConfig config, double initial, int epochs) {
    this.config = config;
    this.initial = initial;
    this.epochs = epochs;
  }

  /** Returns the rate after so many epochs, from 0 to all of them. */
  double at(double epochsDone) {
    double done = epochsDone / epochs;
    if (config instanceof ScheduleConfig.Step step) {
      return initial
          * StrictMath.pow(step.factor(), StrictMath.floor(epochsDone / step.everyEpochs()));
    }
    if (config instanceof ScheduleConfig.MultiStep steps) {
      return initial * StrictMath.pow(steps.factor(), passed(steps.milestones(), epochsDone));
    }
    if (config instanceof ScheduleConfig.Polynomial polynomial) {
      return between(polynomial.endLearningRate(), StrictMath.pow(1 - done, polynomial.power()));
    }
    if (config instanceof ScheduleConfig.Cosine cosine) {
      return between(cosine.endLearningRate(), 0.5 * (1 + StrictMath.cos(StrictMath.PI * done)));
    }
    return initial;
  }

  private static double passed(List<Double> milestones, double epochsDone) {
    return milestones.stream().filter(milestone -> milestone <= epochsDone).count();
  }

  private double between(double end, double share) {
    return end + (initial - end) * share;
  }

  String explanation() {
    if (config instanceof ScheduleConfig.Step step) {
      return "times " + step.factor() + " every " + step.everyEpochs() + " epochs";
    }
    if (config instanceof ScheduleConfig.MultiStep steps) {
      return "times " + steps.factor() + " at epochs " + steps.milestones();
    }
    if (config instanceof ScheduleConfig.Polynomial polynomial) {
      return "falling to "
          + polynomial.endLearningRate()
          + " over "
          + (long) epochs
          + " epochs with power "
          + polynomial.power();
    }
    if (config instanceof ScheduleConfig.Cosine cosine) {
      return "falling to "
          + cosine.endLearningRate()
          + " over "
          + (long) epochs
          + " epochs along a cosine";
    }
    return "constant";
  }
}
