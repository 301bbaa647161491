package dev.convoy.trainer.config;

import java.util.List;

/**
 * How the learning rate goes over the epochs. Each kind has keys of its own and refuses the
 * others'. All epochs are counted from the start of the training, and may be fractions.
 */
@DefaultKind("constant")
@Experiment
@Doc("How the learning rate goes over the epochs")
public sealed interface ScheduleConfig {

  /** Returns the epochs over which the rate climbs in a straight line, 0 for none. */
  double warmupEpochs();

  /**
   * The rate stays.
   *
   * @param warmupEpochs at least 0
   */
  @Kind("constant")
  record Constant(
      @Default("0")
          @Experiment
          @Doc(
              "Epochs over which the rate climbs in a straight line to the value that the schedule has there; 0: none")
          double warmupEpochs)
      implements ScheduleConfig {
    public Constant {
      ScheduleProblems.ofWarmup(warmupEpochs).throwIfAny();
    }
  }

  /**
   * The rate is multiplied by a factor at regular intervals.
   *
   * @param warmupEpochs at least 0
   * @param everyEpochs the interval, above 0
   * @param factor in (0, 1]
   */
  @Kind("step")
  record Step(
      @Default("0")
          @Experiment
          @Doc(
              "Epochs over which the rate climbs in a straight line to the value that the schedule has there; 0: none")
          double warmupEpochs,
      @Required(example = "30")
          @Experiment
          @Doc("Epochs between two multiplications of the rate, above 0")
          double everyEpochs,
      @Default("0.1") @Experiment @Doc("What the rate is multiplied by, above 0 and at most 1")
          double factor)
      implements ScheduleConfig {
    public Step {
      ScheduleProblems.ofWarmup(warmupEpochs)
          .require(everyEpochs > 0, "every_epochs", everyEpochs, "above 0, for example 30")
          .require(factor > 0 && factor <= 1, "factor", factor, ScheduleProblems.FACTOR)
          .throwIfAny();
    }
  }

  /**
   * The rate is multiplied by a factor at stated epochs.
   *
   * @param warmupEpochs at least 0
   * @param milestones epochs, above 0, ascending; unmodifiable
   * @param factor in (0, 1]
   */
  @Kind("multi_step")
  record MultiStep(
      @Default("0")
          @Experiment
          @Doc(
              "Epochs over which the rate climbs in a straight line to the value that the schedule has there; 0: none")
          double warmupEpochs,
      @Required(example = "[30, 60, 80]")
          @Experiment
          @Doc("Epochs at which the rate is multiplied: above 0, ascending, below `epochs`")
          List<Double> milestones,
      @Default("0.1") @Experiment @Doc("What the rate is multiplied by, above 0 and at most 1")
          double factor)
      implements ScheduleConfig {
    public MultiStep {
      milestones = List.copyOf(milestones);
      ScheduleProblems.ofWarmup(warmupEpochs)
          .require(
              ScheduleProblems.ascend(milestones),
              "milestones",
              milestones,
              "one epoch or more, above 0, ascending, for example [30, 60, 80]")
          .require(factor > 0 && factor <= 1, "factor", factor, ScheduleProblems.FACTOR)
          .throwIfAny();
    }
  }

  /**
   * The rate falls as a power of the epochs that are left.
   *
   * @param warmupEpochs at least 0
   * @param power above 0; 1 is a straight line
   * @param endLearningRate at least 0
   */
  @Kind("polynomial")
  record Polynomial(
      @Default("0")
          @Experiment
          @Doc(
              "Epochs over which the rate climbs in a straight line to the value that the schedule has there; 0: none")
          double warmupEpochs,
      @Default("1")
          @Experiment
          @Doc("Power of the share of epochs that is left, above 0; 1 is a straight line")
          double power,
      @Default("0")
          @Experiment
          @Doc("The rate at the end, at least 0; the linear scaling rule leaves it alone")
          double endLearningRate)
      implements ScheduleConfig {
    public Polynomial {
      ScheduleProblems.ofWarmup(warmupEpochs)
          .require(power > 0 && Double.isFinite(power), "power", power, "above 0, for example 2")
          .require(endLearningRate >= 0, "end_learning_rate", endLearningRate, ScheduleProblems.END)
          .throwIfAny();
    }
  }

  /**
   * The rate falls along half a cosine (Loshchilov and Hutter 2016, arXiv:1608.03983, equation 5,
   * without restarts).
   *
   * @param warmupEpochs at least 0
   * @param endLearningRate at least 0
   */
  @Kind("cosine")
  record Cosine(
      @Default("0")
          @Experiment
          @Doc(
              "Epochs over which the rate climbs in a straight line to the value that the schedule has there; 0: none")
          double warmupEpochs,
      @Default("0")
          @Experiment
          @Doc("The rate at the end, at least 0; the linear scaling rule leaves it alone")
          double endLearningRate)
      implements ScheduleConfig {
    public Cosine {
      ScheduleProblems.ofWarmup(warmupEpochs)
          .require(endLearningRate >= 0, "end_learning_rate", endLearningRate, ScheduleProblems.END)
          .throwIfAny();
    }
  }
}
