package dev.convoy.models.training;

import dev.convoy.models.engine.Precision;
import dev.convoy.models.engine.backend.Backend;
import dev.convoy.models.engine.ir.ElementType;

/** The precision that a person asks for. */
public enum PrecisionChoice {
  /** bfloat16 where the processor computes in it natively, float32 elsewhere. */
  AUTO,
  FLOAT32,
  BFLOAT16;

  /**
   * What it means on a device.
   *
   * @throws IllegalArgumentException if the device cannot compute so natively
   */
  Precision on(Backend backend) {
    boolean brain = backend.isNative(ElementType.BFLOAT16);
    if (this == BFLOAT16 && !brain) {
      throw new IllegalArgumentException(
          "precision is bfloat16, which this processor does not compute in ("
              + backend.description()
              + "); it takes AVX512_BF16 or AMX: ask for float32 or auto");
    }
    return this == FLOAT32 || !brain ? Precision.FLOAT32 : Precision.BFLOAT16;
  }
}
