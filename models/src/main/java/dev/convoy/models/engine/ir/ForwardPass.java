package dev.convoy.models.engine.ir;

import java.util.Set;

/**
 * A network's forward pass for one batch size as its source wrote it: float32, PLAIN, nothing
 * fused.
 *
 * @param trainable the parameters that get a gradient; the others are frozen
 */
public record ForwardPass(Program program, Set<Value> trainable) {
  public ForwardPass {
    trainable = Set.copyOf(trainable);
  }

  /** What a network is run for. */
  public enum Mode {
    /** Batch norms use and move their statistics, dropout drops, every output has a loss. */
    TRAINING,
    /** Batch norms use their running statistics, nothing is dropped, outputs are probabilities. */
    INFERENCE,
    /**
     * Batch norms use the batch's statistics and write them, as they are, to where training writes
     * their gradients; nothing is dropped, and there are neither losses nor probabilities.
     */
    STATISTICS
  }
}
