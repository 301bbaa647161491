package dev.convoy.trainer.averaging;

import dev.convoy.models.state.NetworkState;
import dev.convoy.models.state.ParameterLayout;
import dev.convoy.models.state.ParameterSlot;

/**
 * SlowMo (Wang et al. 2019, arXiv:1910.00643, Algorithm 1): local SGD with a momentum of its own
 * over the rounds. With x the round's start, a the average in which it ended and gamma its learning
 * rate,
 *
 * <pre>
 * u' = beta u + (x - a) / gamma
 * x' = x - alpha gamma u'
 * </pre>
 *
 * in float64, both rounded once to float32. Three things are left open there or differ here:
 *
 * <ul>
 *   <li>The paper keeps gamma within a round. Here schedules change it with every step, and gamma
 *       is the mean over the round's steps. A round whose rate is 0 throughout moves nothing and
 *       adds nothing to u.
 *   <li>Of the paper's strategies for the inner optimiser's buffers (section 2, line 2 of the
 *       algorithm: reset, maintain, average) it is the average: the workers' momentum is averaged
 *       like their parameters. Maintaining each worker's own would tie workers to executors.
 *   <li>Workers weigh by their examples, and running statistics are those of the average.
 * </ul>
 *
 * @param steps tau
 * @param outerMomentum beta, in [0, 1)
 * @param outerLearningRate alpha, above 0; with 1 and no outer momentum this is plain averaging
 * @param layout tells parameters from running statistics
 */
public record SlowMomentum(
    int steps, double outerMomentum, double outerLearningRate, ParameterLayout layout)
    implements SyncStrategy {

  /** Checks the constants. */
  public SlowMomentum {
    if (steps < 1) {
      throw new IllegalArgumentException("steps is " + steps + "; at least 1 is needed");
    }
    if (!(outerMomentum >= 0 && outerMomentum < 1)) {
      throw new IllegalArgumentException(
          "the outer momentum is " + outerMomentum + "; it has to be in [0, 1)");
    }
    if (!(outerLearningRate > 0 && Double.isFinite(outerLearningRate))) {
      throw new IllegalArgumentException(
          "the outer learning rate is " + outerLearningRate + "; it has to be above 0");
    }
  }

  @Override
  public String explanation() {
    return "averaged every %d steps with outer momentum %s and outer learning rate %s"
        .formatted(steps, outerMomentum, outerLearningRate);
  }

  @Override
  public int stepsPerRound(int epoch) {
    return steps;
  }

  @Override
  public OuterState initial() {
    return new OuterState(new float[layout.length()]);
  }

  @Override
  public TrainingState next(TrainingState start, NetworkState average, double learningRate) {
    float[] from = start.network().parameters();
    float[] momentum = start.outer().momentum();
    if (momentum.length != layout.length()) {
      throw new IllegalArgumentException(
          "%d outer momenta for %d parameters".formatted(momentum.length, layout.length()));
    }
    float[] nextMomentum = new float[momentum.length];
    float[] nextParameters = average.parameters().clone();
    for (ParameterSlot slot : layout.slots()) {
      if (!slot.kind().trainable()) {
        continue;
      }
      for (int i = slot.offset(); i < slot.offset() + slot.length(); i++) {
        double moved = (double) from[i] - average.parameters()[i];
        double outer = outerMomentum * momentum[i] + (learningRate == 0 ? 0 : moved / learningRate);
        nextMomentum[i] = (float) outer;
        nextParameters[i] = (float) (from[i] - outerLearningRate * learningRate * outer);
      }
    }
    return new TrainingState(
        new NetworkState(nextParameters, average.momentum()), new OuterState(nextMomentum));
  }
}
