package dev.convoy.models.engine.onednn;

import dev.convoy.models.engine.ir.ElementType;
import dev.convoy.models.engine.ir.Layout;
import dev.convoy.models.engine.ir.TensorType;

/** What most loops in Java ask of their operands. */
final class PlainFloats {
  private PlainFloats() {}

  static void check(Lowering lowering, TensorType... types) {
    checkPlain(lowering, types);
    for (TensorType type : types) {
      if (type.element() != ElementType.FLOAT32) {
        throw new UnsupportedOperationException(
            type + " should be FLOAT32, as the operation computes in it: " + lowering);
      }
    }
  }

  static void checkPlain(Lowering lowering, TensorType... types) {
    for (TensorType type : types) {
      if (type.layout() != Layout.PLAIN) {
        throw new UnsupportedOperationException(
            type + " should be PLAIN, as the operation reads it row by row: " + lowering);
      }
    }
  }
}
