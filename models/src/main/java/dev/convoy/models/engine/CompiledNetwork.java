package dev.convoy.models.engine;

import dev.convoy.models.engine.backend.Backend;
import dev.convoy.models.engine.backend.Bindings;
import dev.convoy.models.engine.ir.ForwardPass;
import java.util.Map;

/**
 * A network compiled for a backend and a precision: one plan for each batch size and mode, made
 * when it is first needed, all in one arena. Parameters are the caller's. Used by one thread at a
 * time; several networks may run at once in one process.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class CompiledNetwork implements AutoCloseable {
  // Buffers of Bindings are raw addresses; sizes follow from the source's program.

  public CompiledNetwork(NetworkSource source, Backend backend, Precision precision) {
    throw new UnsupportedOperationException();
  }

  /**
   * Forward and backward. Reads IMAGES, LABELS and PARAMETERS; writes GRADIENT, whose frozen parts
   * it does not touch, with sums over the batch, running statistics' "gradients" among them.
   *
   * @param seed of this step's dropout masks
   * @return the loss summed over batch and outputs
   */
  public double gradient(int batch, Bindings bindings, long seed) {
    throw new UnsupportedOperationException();
  }

  /** Reads IMAGES and PARAMETERS; writes PREDICTIONS, the probabilities of every output. */
  public void predict(int batch, Bindings bindings) {
    throw new UnsupportedOperationException();
  }

  /** What a plan needs outside Java's heap, before it is first run. */
  public Map<String, Long> memory(int batch, ForwardPass.Mode mode) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
