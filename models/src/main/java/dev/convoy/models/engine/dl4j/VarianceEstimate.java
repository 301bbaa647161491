package dev.convoy.models.engine.dl4j;

/** Which variance of a batch moves a batch norm's running variance. */
public enum VarianceEstimate {
  /** The mean of the squared deviations over all n values of a channel, as in DL4J. */
  POPULATION,
  /** n / (n - 1) of that, as in PyTorch; the same where n is 1. */
  UNBIASED;

  /** What the population's variance of n values is multiplied by. */
  double factor(long values) {
    return this == POPULATION || values == 1 ? 1 : values / (values - 1.0);
  }
}
