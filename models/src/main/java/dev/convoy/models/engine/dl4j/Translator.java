package dev.convoy.models.engine.dl4j;

import dev.convoy.models.engine.ir.Value;
import java.util.List;

/**
 * Writes one kind of layer or vertex.
 *
 * @param <C> its configuration
 */
interface Translator<C> {

  /** What in this configuration has no operation; empty if it can be translated. */
  List<String> refusals(C configuration);

  /**
   * Writes its operations.
   *
   * @return its output
   * @throws IllegalArgumentException if it does not fit the shape of its inputs
   */
  Value translate(C configuration, VertexScope scope);
}
