package dev.convoy.models.engine.autodiff;

import dev.convoy.models.engine.ir.Op;
import dev.convoy.models.engine.ir.Operation;
import dev.convoy.models.engine.ir.Value;

/** How one kind of operation is differentiated. */
@FunctionalInterface
interface Derivative<T extends Op> {
  /**
   * Writes the backward operations and accumulates the gradients of the operation's inputs.
   *
   * @param dy the gradient of the operation's first output
   */
  void write(T op, Operation operation, Value dy, Differentiation into);
}
