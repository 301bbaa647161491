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

  /** The seconds of each run after the warm-ups, in ascending order. */
  static double[] seconds(Runnable run, Duration budget) {
    for (int i = 0; i < WARM_UPS; i++) {
      run.run();
    }
    double[] times = new double[AT_MOST];
    int runs = 0;
    double total = 0;
    while (runs < AT_LEAST || (runs < AT_MOST && total < budget.toNanos() * 1e-9)) {
      long start = System.nanoTime();
      run.run();
      times[runs] = (System.nanoTime() - start) * 1e-9;
      total += times[runs++];
    }
    double[] measured = Arrays.copyOf(times, runs);
    Arrays.sort(measured);
    return measured;
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
