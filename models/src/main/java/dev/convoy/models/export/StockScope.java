package dev.convoy.models.export;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;

/** What a translation to stock layers sees: one vertex, its inputs, and where to write. */
final class StockScope {
  private final String name;
  private final List<String> inputs;
  private final Map<String, InputType> types;
  private final GraphBuilder builder;
  private final Map<String, StockPart> parts;

  /**
   * @param inputs names of what the vertex reads
   * @param types what the input and every vertex of the network give
   */
  StockScope(
      String name,
      List<String> inputs,
      Map<String, InputType> types,
      GraphBuilder builder,
      Map<String, StockPart> parts) {
    this.name = name;
    this.inputs = List.copyOf(inputs);
    this.types = Map.copyOf(types);
    this.builder = builder;
    this.parts = parts;
  }

  String name() {
    return name;
  }

  /** The only input's name. */
  String input() {
    if (inputs.size() != 1) {
      throw new IllegalArgumentException("it has " + inputs.size() + " inputs instead of one");
    }
    return inputs.get(0);
  }

  /** The only input's shape. */
  InputType.InputTypeConvolutional image() {
    if (types.get(input()) instanceof InputType.InputTypeConvolutional image) {
      return image;
    }
    throw new IllegalArgumentException("its input is no image but " + types.get(input()));
  }

  /** The vertex as a layer with its name, inputs and parameters. */
  void layer(Layer layer) {
    layer(name, layer, input(), StockPart.whole(name));
  }

  /** As {@link #layer(Layer)}, behind a preprocessor. */
  void layer(Layer layer, InputPreProcessor preprocessor) {
    parts.put(name, StockPart.whole(name));
    builder.addLayer(name, layer, preprocessor, input());
  }

  /** One of several layers, whose parameters, if any, are a part of the vertex'. */
  void layer(String layerName, Layer layer, String from, StockPart part) {
    parts.put(layerName, part);
    builder.addLayer(layerName, layer, from);
  }

  /** The vertex as a vertex with its name and inputs. */
  void vertex(GraphVertex vertex) {
    vertex(name, vertex, inputs.toArray(String[]::new));
  }

  void vertex(String vertexName, GraphVertex vertex, String... from) {
    builder.addVertex(vertexName, vertex, from);
  }
}
