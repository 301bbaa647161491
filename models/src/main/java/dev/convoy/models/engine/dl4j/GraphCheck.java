package dev.convoy.models.engine.dl4j;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;

/** Looks for what stands against compiling a graph. */
final class GraphCheck {
  private final ComputationGraphConfiguration configuration;
  private final List<GraphNode> nodes;
  private final List<Refusal> refusals = new ArrayList<>();

  private GraphCheck(ComputationGraph graph, List<GraphNode> nodes) {
    this.configuration = graph.getConfiguration();
    this.nodes = nodes;
  }

  static CompilationReport of(ComputationGraph graph, List<GraphNode> nodes) {
    GraphCheck check = new GraphCheck(graph, nodes);
    check.whole();
    for (GraphNode node : nodes) {
      Translators.refusals(node).forEach(reason -> check.refusals.add(node.refusal(reason)));
    }
    check.outputs();
    check.frozen();
    return new CompilationReport(
        nodes.stream()
            .map(node -> new CompilationReport.Row(node.name(), node.kind(), node.frozen()))
            .toList(),
        check.refusals);
  }

  private void whole() {
    refuseWhole(
        configuration.getDataType() != DataType.FLOAT,
        "its data type is " + configuration.getDataType() + "; plans have FLOAT parameters");
    refuseWhole(
        configuration.getBackpropType() != BackpropType.Standard,
        "truncated backpropagation through time is not supported");
    refuseWhole(
        !configuration.getDefaultConfiguration().isMiniBatch(),
        "its gradients are sums; set miniBatch(true) for means");
  }

  private void refuseWhole(boolean when, String reason) {
    if (when) {
      refusals.add(new Refusal(Refusal.GRAPH, "ComputationGraph", reason));
    }
  }

  private void outputs() {
    List<String> outputs = configuration.getNetworkOutputs();
    for (GraphNode node : nodes) {
      boolean loss =
          node.configuration() instanceof OutputLayer || node.configuration() instanceof LossLayer;
      if (outputs.contains(node.name()) && !loss) {
        refusals.add(node.refusal("it is an output of the graph but not an output layer"));
      }
      if (!outputs.contains(node.name()) && loss) {
        refusals.add(node.refusal("it is an output layer but not an output of the graph"));
      }
      for (String input : node.inputs()) {
        if (outputs.contains(input)) {
          refusals.add(node.refusal("it reads the output " + input));
        }
      }
    }
  }

  /** DL4J's backward pass stops at a frozen vertex, whatever is before it. */
  private void frozen() {
    Set<String> trainable = new HashSet<>();
    for (GraphNode node : nodes) {
      boolean before = node.inputs().stream().anyMatch(trainable::contains);
      boolean stops = node.frozen() && !(node.configuration() instanceof BaseWrapperLayer);
      if (stops && before) {
        refusals.add(node.refusal("it is frozen, but something before it is not"));
      }
      if (before || (!node.frozen() && !node.parameters().isEmpty())) {
        trainable.add(node.name());
      }
    }
  }
}
