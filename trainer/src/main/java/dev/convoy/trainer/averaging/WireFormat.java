package dev.convoy.trainer.averaging;

/**
 * How a worker's parameters and momentum travel to where they are averaged. Running statistics
 * always travel as they are.
 */
public enum WireFormat {
  /** The numbers themselves, 4 bytes each; one worker alone comes back to the bit. */
  FLOAT32,
  /**
   * Their differences from the round's start, rounded to bfloat16, 2 bytes each. What the rounding
   * takes away is lost, not carried to the next round.
   */
  BF16
}
