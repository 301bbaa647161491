package dev.convoy.benchmarks.libtorch;

/** What is timed: one batch. */
interface Step extends AutoCloseable {

  void run();

  /** Throws if the last step's result was not finite: then the figures would mean nothing. */
  void check();

  @Override
  void close();
}
