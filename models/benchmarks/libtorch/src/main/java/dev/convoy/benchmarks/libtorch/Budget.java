package dev.convoy.benchmarks.libtorch;

/**
 * How long to measure: {@code iterations} steps or {@code seconds}, whichever is over first, but at
 * least three steps.
 */
record Budget(int iterations, double seconds) {
  private static final int LEAST = 3;

  Budget {
    if (iterations < LEAST) {
      throw new IllegalArgumentException("iterations is " + iterations + "; at least 3 are needed");
    }
    if (!(seconds > 0)) {
      throw new IllegalArgumentException("seconds is " + seconds + "; it must be above 0");
    }
  }

  boolean allows(int done, double elapsedSeconds) {
    return done < LEAST || (done < iterations && elapsedSeconds < seconds);
  }
}
