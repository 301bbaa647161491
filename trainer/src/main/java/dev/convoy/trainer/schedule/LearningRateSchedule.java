package dev.convoy.trainer.schedule;

import dev.convoy.trainer.config.ConvoyConfig;
import dev.convoy.trainer.config.LinearScalingConfig;
import dev.convoy.trainer.config.OptimizerConfig;
import dev.convoy.trainer.config.ScheduleConfig;

/**
 * The learning rate of a step: a pure function of the epochs done before it (examples used so far
 * by all workers, divided by the examples of an epoch), so that it survives every interruption.
 *
 * <p>With e the epochs done, E those of the training and b the base rate:
 *
 * <ul>
 *   <li>constant: {@code b}
 *   <li>step: {@code b * factor^floor(e / every_epochs)}
 *   <li>multi_step: {@code b * factor^(milestones m with m <= e)}
 *   <li>polynomial: {@code end + (b - end) * (1 - e/E)^power}
 *   <li>cosine: {@code end + (b - end) * (1 + cos(pi e/E)) / 2} (Loshchilov and Hutter 2016,
 *       arXiv:1608.03983, equation 5)
 * </ul>
 *
 * <p><b>Linear scaling rule</b> (Goyal et al. 2017, arXiv:1706.02677, section 2.1): b is {@code
 * learning_rate * k} with k = workers * batch / reference_batch. {@code end_learning_rate} is taken
 * as it stands.
 *
 * <p><b>Warm-up</b> (ibid., section 2.2, "gradual warmup"): for e below {@code warmup_epochs} the
 * rate climbs by the same amount with every example, {@code s + (t - s) * e / warmup_epochs}. The
 * paper starts from s = the unscaled {@code learning_rate} and reaches k times it; where the rule
 * is off, or k is at most 1, there is no smaller rate to start from and s = 0 (the first step then
 * changes nothing but the momentum). As in the paper, the schedule then goes on as if there had
 * been no warm-up: its epochs count from the start of the training, not from the end of the
 * warm-up. The target t is the schedule's own value at the end of the warm-up, so that nothing
 * jumps there (for the paper's schedule, whose first step comes later, that is b); s is never above
 * t.
 */
public final class LearningRateSchedule {
  private final Decay decay;
  private final double baseLearningRate;
  private final double warmupStart;
  private final double warmupEpochs;
  private final int epochs;
  private final String explanation;

  private LearningRateSchedule(
      OptimizerConfig optimizer, ScheduleConfig schedule, long globalBatch, int epochs) {
    double factor = optimizer.linearScaling().factor(globalBatch);
    this.baseLearningRate = optimizer.effectiveLearningRate(globalBatch);
    this.decay = new Decay(schedule, baseLearningRate, epochs);
    this.warmupEpochs = schedule.warmupEpochs();
    this.epochs = epochs;
    this.warmupStart = factor > 1 ? Math.min(optimizer.learningRate(), decay.at(warmupEpochs)) : 0;
    this.explanation = explain(optimizer, globalBatch, factor);
  }

  /** Returns the schedule of a configured run. */
  public static LearningRateSchedule of(ConvoyConfig config) {
    return new LearningRateSchedule(
        config.optimizer(), config.schedule(), config.globalBatch(), config.epochs());
  }

  /** Returns the rate that the schedule starts from: after linear scaling, warm-up aside. */
  public double baseLearningRate() {
    return baseLearningRate;
  }

  /**
   * Returns the rate of the step that begins when so many epochs are done. What lies beyond the
   * last epoch has the rate of its end.
   *
   * @param epochsDone examples used before the step / examples of an epoch, at least 0
   * @throws IllegalArgumentException if it is negative or not a number
   */
  public double at(double epochsDone) {
    if (!(epochsDone >= 0)) {
      throw new IllegalArgumentException(
          "the learning rate after " + epochsDone + " epochs; the epochs done are at least 0");
    }
    if (epochsDone < warmupEpochs) {
      double target = decay.at(warmupEpochs);
      return warmupStart + (target - warmupStart) * (epochsDone / warmupEpochs);
    }
    return decay.at(Math.min(epochsDone, epochs));
  }

  /** Returns one line for people: what the scaling rule, the warm-up and the schedule do. */
  public String explanation() {
    return explanation;
  }

  private String explain(OptimizerConfig optimizer, long globalBatch, double factor) {
    StringBuilder text = new StringBuilder("learning rate " + baseLearningRate);
    if (optimizer.linearScaling().referenceBatch() != LinearScalingConfig.OFF) {
      text.append(" = ").append(optimizer.learningRate()).append(" x ").append(factor);
      text.append(" (linear scaling: global batch ").append(globalBatch);
      text.append(" / reference batch ").append(optimizer.linearScaling().referenceBatch());
      text.append(')');
    }
    text.append(", ").append(decay.explanation());
    if (warmupEpochs > 0) {
      text.append(", warm-up from ").append(warmupStart);
      text.append(" to ").append(decay.at(warmupEpochs));
      text.append(" over ").append(warmupEpochs).append(" epochs");
    }
    return text.toString();
  }
}
