package dev.convoy.models.state;

/** What a parameter is to the optimiser and to averaging. */
public enum ParameterKind {
  /** Kernel of a convolution or matrix of a fully connected layer. */
  WEIGHT,
  /** Bias of a convolution or a fully connected layer. */
  BIAS,
  /** Batch norm's gamma. */
  NORM_SCALE,
  /** Batch norm's beta. */
  NORM_SHIFT,
  /** Batch norm's running mean: a statistic, not trained. */
  RUNNING_MEAN,
  /** Batch norm's running variance: a statistic, not trained. */
  RUNNING_VARIANCE;

  /** Whether gradient descent changes it. */
  public boolean trainable() {
    return this != RUNNING_MEAN && this != RUNNING_VARIANCE;
  }
}
