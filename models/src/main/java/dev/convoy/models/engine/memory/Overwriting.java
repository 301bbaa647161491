package dev.convoy.models.engine.memory;

import dev.convoy.models.engine.backend.Backend;
import dev.convoy.models.engine.ir.Op;
import dev.convoy.models.engine.ir.Operation;

/** Whether an operation's first output lies where one of its inputs lies. */
enum Overwriting {
  NEVER,
  /** It may, if nobody reads the input afterwards. */
  POSSIBLE,
  /** The operation is defined so. */
  ALWAYS;

  static Overwriting of(Operation operation, int input, Backend backend) {
    if (operation.op() instanceof Op.Reshape || isAddend(operation, input)) {
      return ALWAYS;
    }
    return backend.inPlace(operation, input) ? POSSIBLE : NEVER;
  }

  private static boolean isAddend(Operation operation, int input) {
    boolean adds =
        (operation.op() instanceof Op.Convolution convolution
                && convolution.addend() == Op.Addend.PRESENT)
            || (operation.op() instanceof Op.ConvolutionBackwardData backward
                && backward.addend() == Op.Addend.PRESENT);
    return adds && input == operation.inputs().size() - 1;
  }
}
