package dev.convoy.trainer.config;

/** How the logical workers are brought together after a round. */
public enum SyncKind {
  /** Parameters and momentum are averaged, weighted by the examples that each worker used. */
  AVERAGE
}
