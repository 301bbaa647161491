package dev.convoy.models;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * What a network consists of and costs, read from its configuration without allocating it.
 *
 * @param parameters trainable parameters, those of auxiliary outputs included
 * @param multiplyAdds for one example's prediction: multiplications with a weight in convolutions
 *     and fully connected layers, as the papers count; norms, activations, pooling and auxiliary
 *     outputs are left out
 * @param layers every vertex, in the order in which they are computed
 */
public record ModelSummary(
    String name, InputShape input, long parameters, long multiplyAdds, List<LayerSummary> layers) {

  public ModelSummary {
    layers = List.copyOf(layers);
  }

  /** The summary of a registered model. */
  public static ModelSummary of(ModelRegistry registry, ModelSpec spec) {
    return of(spec.name(), spec.input(), registry.configuration(spec, DataType.FLOAT));
  }

  /** The summary of any graph with one image input. */
  public static ModelSummary of(
      String name, InputShape input, ComputationGraphConfiguration configuration) {
    Map<String, InputType> shapes =
        configuration.getLayerActivationTypes(
            InputType.convolutional(input.height(), input.width(), input.channels()));
    List<LayerSummary> layers = new ArrayList<>();
    Map<String, ReceptiveField> fields = new HashMap<>();
    Set<String> predicting = before(configuration, configuration.getNetworkOutputs().get(0));
    long multiplyAdds = 0;
    for (String vertexName : shapes.keySet()) { // in topological order
      GraphVertex vertex = configuration.getVertices().get(vertexName);
      if (vertex != null) {
        List<String> inputs = configuration.getVertexInputs().get(vertexName);
        InputType shape =
            VertexKinds.output(vertex, shapes.get(inputs.get(0)), shapes.get(vertexName));
        ReceptiveField joined =
            inputs.stream()
                .map(before -> fields.getOrDefault(before, ReceptiveField.PIXEL))
                .reduce(ReceptiveField.PIXEL, ReceptiveField::joined);
        ReceptiveField field = ReceptiveFields.behind(vertex, joined, shapes.get(inputs.get(0)));
        fields.put(vertexName, field);
        LayerSummary layer =
            new LayerSummary(
                vertexName,
                VertexKinds.kind(vertex),
                shape(shape),
                VertexKinds.parameters(vertex),
                VertexKinds.multiplyAdds(vertex, shape),
                field);
        layers.add(layer);
        multiplyAdds += predicting.contains(vertexName) ? layer.multiplyAdds() : 0;
      }
    }
    return new ModelSummary(
        name,
        input,
        layers.stream().mapToLong(LayerSummary::parameters).sum(),
        multiplyAdds,
        layers);
  }

  /** The vertex itself and all that it is computed from. */
  private static Set<String> before(ComputationGraphConfiguration configuration, String vertex) {
    Set<String> found = new HashSet<>();
    Deque<String> open = new ArrayDeque<>(List.of(vertex));
    while (!open.isEmpty()) {
      String next = open.pop();
      if (found.add(next)) {
        open.addAll(configuration.getVertexInputs().getOrDefault(next, List.of()));
      }
    }
    return found;
  }

  /** Multiply-adds of what is computed in training alone. */
  public long auxiliaryMultiplyAdds() {
    return layers.stream().mapToLong(LayerSummary::multiplyAdds).sum() - multiplyAdds;
  }

  /** Bytes of every layer's output for one example, in float32: what nothing shared would take. */
  public long outputBytes() {
    return layers.stream().mapToLong(LayerSummary::outputBytes).sum();
  }

  /** A table for people: one line a layer, then the totals. */
  public String render() {
    return LayerTable.of(this);
  }

  private static List<Long> shape(InputType type) {
    if (type instanceof InputType.InputTypeConvolutional image) {
      return List.of(image.getChannels(), image.getHeight(), image.getWidth());
    }
    return List.of(type.arrayElementsPerExample());
  }
}
