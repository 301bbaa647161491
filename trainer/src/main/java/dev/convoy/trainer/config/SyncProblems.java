package dev.convoy.trainer.config;

import java.util.List;

/** What can be wrong with a strategy: by itself, and beside the rest of the configuration. */
final class SyncProblems {
  static final String STEPS = "Steps of every worker between two averagings, at least 1";
  static final String WIRE =
      "How workers send parameters and momentum: `float32`, as they are, or `bf16` or `bfloat16`,"
          + " their differences from the round's start rounded to 2 bytes";

  private SyncProblems() {}

  static Problems ofSteps(int steps) {
    return new Problems().require(steps >= 1, "steps", steps, "at least 1");
  }

  /** Notes what does not fit the length of the training. */
  static void check(SyncConfig sync, int epochs, Problems problems) {
    if (sync instanceof SyncConfig.PostLocal postLocal) {
      problems.requireTogether(
          postLocal.localFromEpoch() < epochs,
          "sync.local_from_epoch",
          postLocal.localFromEpoch(),
          "below the " + epochs + " epochs of the training",
          List.of("sync", "epochs"));
    }
  }
}
