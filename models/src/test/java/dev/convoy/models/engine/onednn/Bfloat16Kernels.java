package dev.convoy.models.engine.onednn;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.convoy.models.engine.ir.ElementType;
import java.util.List;

/** Whether the library has kernels for bfloat16 here: from AVX-512 on, in float32 if need be. */
final class Bfloat16Kernels {
  private static final int AVX512_BLOCK = 16;

  private Bfloat16Kernels() {}

  static boolean exist() {
    return InstructionSet.effective().block() == AVX512_BLOCK;
  }

  /** What activations may be here. */
  static List<ElementType> activations() {
    return exist()
        ? List.of(ElementType.FLOAT32, ElementType.BFLOAT16)
        : List.of(ElementType.FLOAT32);
  }

  /** Skips what this processor cannot do. */
  static void assume(ElementType element) {
    assumeTrue(activations().contains(element), "oneDNN has no " + element + " here");
  }
}
