package dev.convoy.trainer.config;

/** Whether batch norms' statistics are computed anew after training, and on which images. */
public enum Recalibration {
  /** They stay as training left them. */
  NONE,
  /** On the training set, augmented as in training. */
  TRAIN,
  /** On the training set, as images come in evaluation. */
  EVALUATE
}
