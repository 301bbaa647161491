package dev.convoy.models.engine.onednn;

import java.util.List;
import org.bytedeco.dnnl.dnnl_primitive_desc;

/** One thing to execute: a primitive of the library or a loop in Java. */
sealed interface Stage {

  /** What a stage reads or writes. */
  sealed interface Operand {}

  /** An input of the operation. */
  record Input(int index) implements Operand {}

  /** An output of the operation. */
  record Output(int index) implements Operand {}

  /** Memory between stages of one operation, so many bytes behind the beginning of its own. */
  record Temporary(long offset) implements Operand {}

  /** An operand under the number that the library's {@code DNNL_ARG_...} gives it. */
  record Argument(int number, Operand operand) {}

  /**
   * A primitive.
   *
   * @param descriptor owned by the scope that it was lowered in
   */
  record Primitive(dnnl_primitive_desc descriptor, List<Argument> arguments) implements Stage {
    public Primitive {
      arguments = List.copyOf(arguments);
    }
  }

  /** A loop in Java over the operands' memory. */
  record Host(HostKernel kernel, List<Operand> operands) implements Stage {
    public Host {
      operands = List.copyOf(operands);
    }
  }
}
