package dev.convoy.trainer.config;

/** Parameters that weight decay can leave alone. */
public enum DecayExemption {
  /** Biases of convolutions and dense layers. */
  BIAS,
  /** Scales and shifts of batch normalisation. */
  NORM
}
