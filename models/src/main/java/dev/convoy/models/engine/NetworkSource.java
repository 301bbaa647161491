package dev.convoy.models.engine;

import dev.convoy.models.engine.ir.ForwardPass;

/** Where a network's program comes from. Pure: the same arguments give the same program. */
public interface NetworkSource {

  /**
   * The forward pass for a batch size.
   *
   * @param batch examples in the batch, 1 or more
   */
  ForwardPass forward(int batch, ForwardPass.Mode mode);

  /** Length of the flat vector of parameters and running statistics. */
  long parameters();
}
