package dev.convoy.models.export;

import dev.convoy.models.InputShape;
import dev.convoy.models.InvalidModelException;
import dev.convoy.models.ModelRegistry;
import dev.convoy.models.engine.dl4j.GraphSource;
import dev.convoy.models.engine.dl4j.UnsupportedGraphException;
import dev.convoy.models.engine.dl4j.VarianceEstimate;
import dev.convoy.models.engine.ir.External;
import dev.convoy.models.engine.ir.ForwardPass;
import dev.convoy.models.engine.ir.Operation;
import dev.convoy.models.engine.ir.Program;
import dev.convoy.models.engine.ir.Shape;
import dev.convoy.models.engine.ir.TensorType;
import dev.convoy.models.engine.ir.Value;
import dev.convoy.models.state.ParameterLayout;
import dev.convoy.models.state.ParameterSlot;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * From a network to ONNX nodes, by way of the forward pass that the engine compiles: what DL4J's
 * layers and vertices mean is then said in one place, the translators of {@code engine.dl4j}, and
 * what they refuse is refused here by the vertex' name.
 */
final class OnnxTranslation {
  private OnnxTranslation() {}

  /** The classifier's nodes; what only auxiliary outputs need is left out. */
  static OnnxGraph graph(TrainedNetwork network) {
    InputShape input = network.model().input();
    ComputationGraph empty = ModelRegistry.standard().buildEmpty(network.model());
    try {
      ParameterLayout layout = ParameterLayout.of(empty);
      layout.checkLength(network.parameters());
      return graph(empty, layout, input, network.parameters());
    } finally {
      empty.params().close();
    }
  }

  /** The nodes of any graph with images as its one input. */
  static OnnxGraph graph(
      ComputationGraph graph, ParameterLayout layout, InputShape input, float[] parameters) {
    Shape image = Shape.of(input.channels(), input.height(), input.width());
    Program program = program(graph, TensorType.plain(image));
    Map<Long, ParameterSlot> slots = new HashMap<>();
    layout.slots().forEach(slot -> slots.put((long) slot.offset(), slot));
    OnnxGraph nodes =
        new OnnxGraph(
            program.externals(),
            slots,
            parameters,
            OnnxFile.INPUT,
            Shape.of(1, input.channels(), input.height(), input.width()));
    Operation softmax = classifier(program);
    nodes.name(softmax.output(0), OnnxFile.PROBABILITIES);
    nodes.name(softmax.input(0), OnnxFile.LOGITS);
    needed(program, softmax).forEach(operation -> OnnxOperators.write(operation, nodes));
    return nodes;
  }

  private static Program program(ComputationGraph graph, TensorType image) {
    try {
      return GraphSource.of(graph, List.of(image), VarianceEstimate.UNBIASED)
          .forward(1, ForwardPass.Mode.INFERENCE)
          .program();
    } catch (UnsupportedGraphException e) {
      throw new InvalidModelException(
          "The network cannot be written as ONNX. " + e.getMessage(), e);
    }
  }

  /** The operation that writes the first output. */
  private static Operation classifier(Program program) {
    External first = External.ofOutput(External.Buffer.PREDICTIONS, 0);
    return program.operations().stream()
        .filter(operation -> first.equals(program.externals().get(operation.output(0))))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no operation writes the first output"));
  }

  private static List<Operation> needed(Program program, Operation last) {
    List<Operation> backwards = new ArrayList<>(program.operations());
    Collections.reverse(backwards);
    Set<Value> wanted = new HashSet<>(last.outputs());
    List<Operation> needed = new ArrayList<>();
    for (Operation operation : backwards) {
      if (operation.outputs().stream().anyMatch(wanted::contains)) {
        needed.add(operation);
        wanted.addAll(operation.inputs());
      }
    }
    Collections.reverse(needed);
    return needed;
  }
}
