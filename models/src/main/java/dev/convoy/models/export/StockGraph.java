package dev.convoy.models.export;

import dev.convoy.models.InputShape;
import dev.convoy.models.InvalidModelException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * A network's configuration in DL4J's own layers, without auxiliary outputs.
 *
 * @param configuration names no class but DL4J's and ND4J's
 * @param parts where each layer has its parameters from
 */
record StockGraph(ComputationGraphConfiguration configuration, Map<String, StockPart> parts) {

  /**
   * Rewrites a configuration.
   *
   * @param order of its vertices, topological
   * @throws InvalidModelException naming every vertex that stock layers cannot express
   */
  static StockGraph of(ComputationGraphConfiguration source, List<String> order, InputShape input) {
    String output = source.getNetworkOutputs().get(0);
    GraphBuilder builder = builder(source.getNetworkInputs().get(0));
    Map<String, InputType> types =
        source.getLayerActivationTypes(
            InputType.convolutional(input.height(), input.width(), input.channels()));
    Map<String, StockPart> parts = new HashMap<>();
    List<String> problems = new ArrayList<>();
    Set<String> needed = needed(source, output);
    for (String name : order) {
      if (needed.contains(name)) {
        List<String> inputs = source.getVertexInputs().get(name);
        StockScope scope = new StockScope(name, inputs, types, builder, parts);
        write(source.getVertices().get(name), scope, problems);
      }
    }
    if (!problems.isEmpty()) {
      throw InvalidModelException.of(
          "The network cannot be written in DL4J's own layers", problems);
    }
    return new StockGraph(builder.setOutputs(output).build(), Map.copyOf(parts));
  }

  private static void write(GraphVertex vertex, StockScope scope, List<String> problems) {
    Object written = vertex;
    try {
      if (vertex instanceof LayerVertex layerVertex) {
        written = layerVertex.getLayerConf().getLayer();
        StockTranslations.layer(layerVertex, scope);
      } else {
        StockTranslations.vertex(vertex, scope);
      }
    } catch (IllegalArgumentException e) {
      String kind = written.getClass().getSimpleName();
      problems.add(scope.name() + " (" + kind + "): " + e.getMessage());
    }
  }

  /**
   * Without the input's type: the layers know their channels and preprocessors, and DL4J's
   * SubsetVertex gives images a wrong number of channels when it is asked for its type.
   */
  private static GraphBuilder builder(String input) {
    return new NeuralNetConfiguration.Builder()
        .dataType(DataType.FLOAT)
        .trainingWorkspaceMode(WorkspaceMode.ENABLED)
        .inferenceWorkspaceMode(WorkspaceMode.ENABLED)
        .convolutionMode(ConvolutionMode.Truncate)
        .activation(Activation.IDENTITY)
        .graphBuilder()
        .addInputs(input);
  }

  private static Set<String> needed(ComputationGraphConfiguration source, String output) {
    Set<String> needed = new HashSet<>();
    Deque<String> open = new ArrayDeque<>(List.of(output));
    while (!open.isEmpty()) {
      String name = open.pop();
      if (source.getVertices().containsKey(name) && needed.add(name)) {
        open.addAll(source.getVertexInputs().get(name));
      }
    }
    return needed;
  }
}
