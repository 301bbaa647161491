package dev.convoy.models.engine;

import dev.convoy.models.engine.ir.ElementType;

/** What activations and their gradients are stored in. Parameters and sums are float32 always. */
public enum Precision {
  FLOAT32(ElementType.FLOAT32),
  BFLOAT16(ElementType.BFLOAT16);

  private final ElementType element;

  Precision(ElementType element) {
    this.element = element;
  }

  /** The element type of activations. */
  public ElementType element() {
    return element;
  }
}
