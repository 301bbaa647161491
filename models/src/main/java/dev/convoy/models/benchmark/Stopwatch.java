package dev.convoy.models.benchmark;

import java.time.Duration;
import java.util.Arrays;
import java.util.stream.DoubleStream;

/** Times something again and again. */
final class Stopwatch {
  private static final int WARM_UPS = 2;
  private static final int AT_LEAST = 3;
  private static final int AT_MOST = 1000;

  private Stopwatch() {}

  /**
   * The seconds of each run after the warm-ups, in ascending order. A run that takes the whole
   * budget is warm after one: stock layers need minutes for a step of VGG-16.
   */
  static double[] seconds(Runnable run, Duration budget) {
    double allowed = budget.toNanos() * 1e-9;
    double total = 0;
    for (int i = 0; i < WARM_UPS && total < allowed; i++) {
      total += timed(run);
    }
    double[] times = new double[AT_MOST];
    int runs = 0;
    total = 0;
    while (runs < AT_LEAST || (runs < AT_MOST && total < allowed)) {
      times[runs] = timed(run);
      total += times[runs++];
    }
    double[] measured = Arrays.copyOf(times, runs);
    Arrays.sort(measured);
    return measured;
  }

  private static double timed(Runnable run) {
    long start = System.nanoTime();
    run.run();
    return (System.nanoTime() - start) * 1e-9;
  }

  /** Images a second, of runs of so many images. */
  static Measurement rate(String what, int images, double[] ascending) {
    double[] rates = DoubleStream.of(ascending).map(seconds -> images / seconds).sorted().toArray();
    return new Measurement(
        what, "images/s", median(rates), rates[0], rates[rates.length - 1], rates.length);
  }

  static double median(double[] ascending) {
    return ascending[ascending.length / 2];
  }
}
