package dev.convoy.benchmarks.libtorch;

import java.util.Arrays;

/** Wall times of single steps, in seconds. */
final class StepTimes {
  private static final int WARM_UP_STEPS = 2;
  private static final double WARM_UP_SECONDS = 1;

  private final double[] sorted;

  private StepTimes(double[] seconds) {
    this.sorted = seconds.clone();
    Arrays.sort(sorted);
  }

  /** Warms up (two steps and a second at least), then times steps one by one. */
  static StepTimes measure(Step step, Budget budget) {
    long start = System.nanoTime();
    for (int i = 0; i < WARM_UP_STEPS || secondsSince(start) < WARM_UP_SECONDS; i++) {
      step.run();
    }
    double[] seconds = new double[budget.iterations()];
    int done = 0;
    for (start = System.nanoTime(); budget.allows(done, secondsSince(start)); done++) {
      long before = System.nanoTime();
      step.run();
      seconds[done] = secondsSince(before);
    }
    step.check();
    return new StepTimes(Arrays.copyOf(seconds, done));
  }

  int count() {
    return sorted.length;
  }

  double shortest() {
    return sorted[0];
  }

  double longest() {
    return sorted[sorted.length - 1];
  }

  double median() {
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  private static double secondsSince(long nanoTime) {
    return (System.nanoTime() - nanoTime) / 1e9;
  }
}
