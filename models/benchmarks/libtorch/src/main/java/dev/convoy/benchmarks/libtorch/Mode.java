package dev.convoy.benchmarks.libtorch;

/** What a pass through a network is for. */
enum Mode {
  TRAINING,
  /** As training, but nothing is dropped: what reference values were computed with. */
  TRAINING_WITHOUT_DROPOUT,
  INFERENCE;

  /** Whether batch norm takes the batch's own statistics and auxiliary classifiers run. */
  boolean trains() {
    return this != INFERENCE;
  }

  boolean dropsOut() {
    return this == TRAINING;
  }
}
