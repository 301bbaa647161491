package dev.convoy.trainer.config;

/** The split that is evaluated during training. */
public enum EvaluationSplit {
  /** The validation split, or nothing where the dataset has none. */
  AUTO,
  /** The validation split; an error where the dataset has none. */
  VALIDATION,
  /** The test split. */
  TEST,
  /** The training split, as it is seen in evaluation. */
  TRAIN
}
