package dev.convoy.models.export;

import dev.convoy.models.InitialParameters;
import dev.convoy.models.InputShape;
import dev.convoy.models.InvalidModelException;
import dev.convoy.models.state.ParameterLayout;
import dev.convoy.models.state.ParameterSlot;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
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
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A network's configuration in DL4J's own layers, without auxiliary outputs.
 *
 * @param configuration names no class but DL4J's and ND4J's
 * @param parts where each layer has its parameters from
 */
record StockGraph(ComputationGraphConfiguration configuration, Map<String, StockPart> parts) {
  /** Numbers that are copied at once. */
  private static final int PIECE = 1 << 20;

  /**
   * Rewrites a graph's configuration.
   *
   * @throws InvalidModelException naming every vertex that stock layers cannot express
   */
  static StockGraph of(ComputationGraph graph, InputShape input) {
    ComputationGraphConfiguration source = graph.getConfiguration();
    String output = source.getNetworkOutputs().get(0);
    GraphBuilder builder = builder(source.getNetworkInputs().get(0));
    Map<String, InputType> types = types(source, input);
    Map<String, StockPart> parts = new HashMap<>();
    List<String> problems = new ArrayList<>();
    Set<String> needed = needed(source, output);
    for (int index : graph.topologicalSortOrder()) {
      String name = graph.getVertices()[index].getVertexName();
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

  /** What the input and every vertex give. */
  private static Map<String, InputType> types(
      ComputationGraphConfiguration source, InputShape input) {
    InputType images = InputType.convolutional(input.height(), input.width(), input.channels());
    Map<String, InputType> types = new HashMap<>(source.getLayerActivationTypes(images));
    types.put(source.getNetworkInputs().get(0), images);
    return Map.copyOf(types);
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
        // DL4J's default is the time.
        .seed(0)
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

  /**
   * The graph with a network's parameters.
   *
   * @param layout of the network that was rewritten
   * @param parameters in that layout
   */
  ComputationGraph graph(ParameterLayout layout, float[] parameters) {
    Map<String, ParameterSlot> sources = new HashMap<>();
    layout.slots().forEach(slot -> sources.put(slot.name(), slot));
    ComputationGraph graph = InitialParameters.empty(configuration);
    INDArray flat = graph.params().reshape(graph.params().length());
    for (ParameterSlot slot : ParameterLayout.of(graph).slots()) {
      int dot = slot.name().lastIndexOf('.');
      StockPart part = parts.get(slot.name().substring(0, dot));
      ParameterSlot source = sources.get(part.vertex() + slot.name().substring(dot));
      if (source.length() != slot.length() * part.of()) {
        throw new IllegalStateException(slot + " is no part of " + source);
      }
      copy(parameters, source.offset() + part.index() * slot.length(), flat, slot);
    }
    return graph;
  }

  private static void copy(float[] parameters, int from, INDArray flat, ParameterSlot to) {
    for (int done = 0; done < to.length(); done += PIECE) {
      int count = Math.min(PIECE, to.length() - done);
      float[] piece = Arrays.copyOfRange(parameters, from + done, from + done + count);
      int begin = to.offset() + done;
      try (INDArray values = Nd4j.createFromArray(piece)) {
        flat.get(NDArrayIndex.interval(begin, begin + count)).assign(values);
      }
    }
  }
}
