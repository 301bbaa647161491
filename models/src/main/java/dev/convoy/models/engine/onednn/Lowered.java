package dev.convoy.models.engine.onednn;

import dev.convoy.models.engine.onednn.Stage.Argument;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.dnnl.dnnl_primitive_desc;

/**
 * What an operation becomes.
 *
 * @param alias the input that lies where the first output lies, if that is a must
 * @param temporaryBytes memory between its stages
 */
record Lowered(List<Stage> stages, Optional<Stage.Input> alias, long temporaryBytes) {
  Lowered {
    stages = List.copyOf(stages);
  }

  static Lowered primitive(dnnl_primitive_desc descriptor, Argument... arguments) {
    return primitive(descriptor, List.of(arguments));
  }

  static Lowered primitive(dnnl_primitive_desc descriptor, List<Argument> arguments) {
    return new Lowered(List.of(new Stage.Primitive(descriptor, arguments)), Optional.empty(), 0);
  }

  /** A kernel whose operands are all inputs, then all outputs. */
  static Lowered host(HostKernel kernel, int inputs, int outputs) {
    List<Stage.Operand> operands = new ArrayList<>();
    for (int i = 0; i < inputs; i++) {
      operands.add(new Stage.Input(i));
    }
    for (int i = 0; i < outputs; i++) {
      operands.add(new Stage.Output(i));
    }
    return new Lowered(List.of(new Stage.Host(kernel, operands)), Optional.empty(), 0);
  }

  /** The same, with the first output in the place of that input. */
  Lowered inPlaceOf(int input) {
    return new Lowered(stages, Optional.of(new Stage.Input(input)), temporaryBytes);
  }
}
