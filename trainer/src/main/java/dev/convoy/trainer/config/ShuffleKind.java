package dev.convoy.trainer.config;

/** How the examples of an epoch are put in order. */
public enum ShuffleKind {
  /** Global where the dataset fits the memory, else by windows; decided once, by the plan. */
  AUTO,
  /** One permutation of all examples. */
  GLOBAL,
  /** Shards are permuted, then the examples within windows of several shards. */
  WINDOW
}
