package dev.convoy.trainer.config;

import java.util.List;

/** What can be wrong with a schedule: by itself, and beside the rest of the configuration. */
final class ScheduleProblems {
  static final String FACTOR = "above 0 and at most 1, for example 0.1";
  static final String END = "at least 0";

  private ScheduleProblems() {}

  static Problems ofWarmup(double warmupEpochs) {
    return new Problems()
        .require(
            warmupEpochs >= 0 && Double.isFinite(warmupEpochs),
            "warmup_epochs",
            warmupEpochs,
            "at least 0, for example 5");
  }

  static boolean ascend(List<Double> milestones) {
    double last = 0;
    for (double milestone : milestones) {
      if (!(milestone > last)) {
        return false;
      }
      last = milestone;
    }
    return !milestones.isEmpty();
  }

  /** Notes what does not fit the length of the training and the rate that it starts from. */
  static void check(ScheduleConfig schedule, int epochs, double learningRate, Problems problems) {
    problems.requireTogether(
        schedule.warmupEpochs() <= epochs,
        "schedule.warmup_epochs",
        schedule.warmupEpochs(),
        "at most the " + epochs + " epochs of the training",
        List.of("schedule", "epochs"));
    if (schedule instanceof ScheduleConfig.MultiStep steps) {
      problems.requireTogether(
          steps.milestones().stream().allMatch(milestone -> milestone < epochs),
          "schedule.milestones",
          steps.milestones(),
          "each below the " + epochs + " epochs of the training",
          List.of("schedule", "epochs"));
    } else if (schedule instanceof ScheduleConfig.Polynomial polynomial) {
      checkEnd(polynomial.endLearningRate(), learningRate, problems);
    } else if (schedule instanceof ScheduleConfig.Cosine cosine) {
      checkEnd(cosine.endLearningRate(), learningRate, problems);
    }
  }

  private static void checkEnd(double end, double learningRate, Problems problems) {
    problems.requireTogether(
        end <= learningRate,
        "schedule.end_learning_rate",
        end,
        "at most " + learningRate + ", the rate that the schedule starts from",
        List.of("schedule", "optimizer", "workers", "batch"));
  }
}
