package dev.convoy.trainer.config;

import dev.convoy.trainer.averaging.WireFormat;

/**
 * How the logical workers are brought together. Each strategy has keys of its own and refuses the
 * others'.
 */
@DefaultKind(value = "average", key = "strategy")
@Experiment
@Doc("What is done after a round")
public sealed interface SyncConfig {

  /** Returns the steps of every worker between two averagings (tau). */
  int steps();

  /** Returns the form in which workers send what they trained. */
  WireFormat wire();

  /**
   * Parameters and momentum are averaged, weighted by the examples that each worker used.
   *
   * @param steps at least 1
   * @param wire how they travel
   */
  @Kind("average")
  record Average(
      @Default("10") @Experiment @Doc(SyncProblems.STEPS) int steps,
      @Default("float32") @Experiment @Doc(SyncProblems.WIRE) WireFormat wire)
      implements SyncConfig {
    public Average {
      SyncProblems.ofSteps(steps).throwIfAny();
    }
  }

  /**
   * Averaging with a momentum over the rounds (Wang et al. 2019, arXiv:1910.00643).
   *
   * @param steps at least 1
   * @param outerMomentum in [0, 1)
   * @param outerLearningRate above 0
   * @param wire how parameters and momentum travel
   */
  @Kind("slowmo")
  record Slowmo(
      @Default("10") @Experiment @Doc(SyncProblems.STEPS) int steps,
      @Required(example = "0.5")
          @Experiment
          @Doc("Share of the last round's movement that goes on, from 0 to below 1")
          double outerMomentum,
      @Default("1") @Experiment @Doc("Factor on each round's movement, above 0")
          double outerLearningRate,
      @Default("float32") @Experiment @Doc(SyncProblems.WIRE) WireFormat wire)
      implements SyncConfig {
    public Slowmo {
      SyncProblems.ofSteps(steps)
          .require(
              outerMomentum >= 0 && outerMomentum < 1,
              "outer_momentum",
              outerMomentum,
              "from 0 to below 1, for example 0.5")
          .require(
              outerLearningRate > 0 && Double.isFinite(outerLearningRate),
              "outer_learning_rate",
              outerLearningRate,
              "above 0, for example 1")
          .throwIfAny();
    }
  }

  /**
   * Averaging after each step up to an epoch, then after several (Lin et al. 2018,
   * arXiv:1808.07217).
   *
   * @param steps at least 1, from that epoch on
   * @param localFromEpoch counted from 0, at least 1
   * @param wire how parameters and momentum travel
   */
  @Kind("post_local")
  record PostLocal(
      @Default("10") @Experiment @Doc(SyncProblems.STEPS) int steps,
      @Required(example = "45")
          @Experiment
          @Doc("Epochs with an averaging after each step; `steps` holds from then on")
          int localFromEpoch,
      @Default("float32") @Experiment @Doc(SyncProblems.WIRE) WireFormat wire)
      implements SyncConfig {
    public PostLocal {
      SyncProblems.ofSteps(steps)
          .require(
              localFromEpoch >= 1,
              "local_from_epoch",
              localFromEpoch,
              "at least 1; with 0 the strategy is average")
          .throwIfAny();
    }
  }
}
